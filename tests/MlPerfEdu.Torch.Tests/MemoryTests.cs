using MlPerfEdu.Torch.Tests.Cases;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MlPerfEdu.Torch.Tests;

public sealed class MemoryTests
{
    private const int Steps = 1000;

    // One leaked tensor a step would be 1000 × 64 kB = 62 MB; the runtime's own growth stays far below this.
    private const long Allowed = 12L << 20;

    [Theory]
    [InlineData("adamw")]
    [InlineData("rmsprop")]
    [InlineData("adagrad")]
    public void A_thousand_steps_do_not_grow_the_process(string kind)
    {
        using var model = nn.Sequential(nn.Linear(64, 256), nn.ReLU(), nn.Linear(256, 64));
        using OptimizerHelper optimizer = kind switch
        {
            "rmsprop" => optim.RMSProp(model.parameters(), lr: 1e-3, momentum: 0.9, centered: true),
            "adagrad" => optim.Adagrad(model.parameters(), lr: 1e-3),
            _ => optim.AdamW(model.parameters(), lr: 1e-3),
        };
        using var x = randn(64, 64);
        Repeat("training steps", () =>
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            (model.call(x) - x).square().mean().backward();
            nn.utils.clip_grad_norm_(model.parameters(), 1.0);
            optimizer.step();
        });
    }

    [Fact]
    public void Recurrent_sparse_and_embedding_passes_do_not_grow_the_process()
    {
        using var table = nn.EmbeddingBag(512, 32, mode: EmbeddingBagMode.Sum, sparse: true);
        using var lstm = nn.LSTM(32, 32, 2, batchFirst: true);
        using var optimizer = optim.SGD(table.parameters().Concat(lstm.parameters()), 0.01);
        using var rows = randint(0, 512, [256, 2], ScalarType.Int64);
        using var neighbours = randint(0, 256, [2, 1024], ScalarType.Int64);
        using var weights = rand(1024);
        Repeat("passes", () =>
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var mixed = sparse_coo_tensor(neighbours, weights, [256, 256]).mm(table.call(rows));
            var (output, _, _) = lstm.call(mixed.view(16, 16, 32));
            nn.functional.interpolate(output, scale_factor: [2], mode: InterpolationMode.Nearest).sum().backward();
            optimizer.step();
        });
    }

    // No new tensor keeps its memory: the cache is a fixed window that is written, attended to and moved on.
    [Fact]
    public void Decoding_into_a_fixed_cache_does_not_grow_the_process()
    {
        using var untracked = no_grad();
        using var cache = zeros(1, 4, 64, 64);
        using var query = randn(1, 4, 1, 64);
        var position = 0;
        Repeat("decoded tokens", () =>
        {
            using var scope = NewDisposeScope();
            cache.narrow(2, position++ % 64, 1).copy_(query);
            query.copy_(nn.functional.scaled_dot_product_attention(query, cache, cache)).add_(0.01);
        });
    }

    [Fact]
    public void Custom_functions_do_not_grow_the_process()
    {
        using var x = randn(128, 128, requires_grad: true);
        Repeat("backward passes", () =>
        {
            using var scope = NewDisposeScope();
            ScaledProduct.apply(x, x).sum().backward();
        });
    }

    private static void Repeat(string what, Action step)
    {
        for (var i = 0; i < Steps / 4; i++)
            step();
        var before = Resident();
        for (var i = 0; i < Steps; i++)
            step();
        var grown = Resident() - before;
        Assert.True(grown < Allowed, $"{Steps} {what} grew the process by {grown >> 10} kB; at most {Allowed >> 10} kB is noise.");
    }

    [Fact]
    public void Memory_that_no_tensor_uses_can_be_given_back()
    {
        if (typeof(TorchSharp.torch).Assembly.GetType("TorchSharp.Provider.Info")?.GetMethod("ReleaseUnusedMemory") is not { } release)
            return;
        const long size = 256L << 20;
        zeros(size / sizeof(float)).Dispose();
        var kept = Resident();

        release.Invoke(null, null);

        Assert.True(kept - Resident() > size / 2, $"{kept >> 20} MB before, {Resident() >> 20} MB after: {size >> 20} MB were unused.");
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return Environment.WorkingSet;
    }
}
