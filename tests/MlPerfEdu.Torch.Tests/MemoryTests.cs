using MlPerfEdu.Torch.Tests.Cases;
using static TorchSharp.torch;

namespace MlPerfEdu.Torch.Tests;

public sealed class MemoryTests
{
    private const int Steps = 1000;

    // One leaked tensor a step would be 1000 × 64 kB = 62 MB; the runtime's own growth stays far below this.
    private const long Allowed = 12L << 20;

    [Fact]
    public void A_thousand_steps_do_not_grow_the_process()
    {
        using var model = nn.Sequential(nn.Linear(64, 256), nn.ReLU(), nn.Linear(256, 64));
        using var optimizer = optim.AdamW(model.parameters(), lr: 1e-3);
        using var x = randn(64, 64);
        for (var i = 0; i < Steps / 4; i++)
            Step();
        var before = Resident();
        for (var i = 0; i < Steps; i++)
            Step();
        var grown = Resident() - before;
        Assert.True(grown < Allowed, $"{Steps} training steps grew the process by {grown >> 10} kB; at most {Allowed >> 10} kB is noise.");

        void Step()
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            (model.call(x) - x).square().mean().backward();
            nn.utils.clip_grad_norm_(model.parameters(), 1.0);
            optimizer.step();
        }
    }

    [Fact]
    public void Custom_functions_do_not_grow_the_process()
    {
        using var x = randn(128, 128, requires_grad: true);
        for (var i = 0; i < Steps / 4; i++)
            Step();
        var before = Resident();
        for (var i = 0; i < Steps; i++)
            Step();
        var grown = Resident() - before;
        Assert.True(grown < Allowed, $"{Steps} backward passes grew the process by {grown >> 10} kB; at most {Allowed >> 10} kB is noise.");

        void Step()
        {
            using var scope = NewDisposeScope();
            ScaledProduct.apply(x, x).sum().backward();
        }
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
