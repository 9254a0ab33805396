using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MlPerfEdu.Torch.Tests;

/// <summary>The shortest way through everything that a training program uses.</summary>
public class SmokeTests
{
    [Fact]
    public void A_small_network_learns_and_its_saved_state_gives_the_same_answers()
    {
        manual_seed(1);
        using var model = SmallNetwork();
        using var optimizer = optim.AdamW(model.parameters(), lr: 0.01);
        using var x = randn(16, 1, 8, 8);
        using var y = randint(4, new long[] { 16 });
        var losses = new List<double>();
        for (var step = 0; step < 30; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var loss = functional.cross_entropy(model.call(x), y);
            loss.backward();
            nn.utils.clip_grad_norm_(model.parameters(), 1.0);
            optimizer.step();
            losses.Add(loss.ToDouble());
        }
        Assert.True(losses[^1] < losses[0] / 4, $"The loss went from {losses[0]} to {losses[^1]}.");

        using var file = new MemoryStream();
        using (var writer = new BinaryWriter(file, System.Text.Encoding.UTF8, leaveOpen: true)) model.save(writer);
        file.Position = 0;
        using var copy = SmallNetwork();
        using (var reader = new BinaryReader(file)) copy.load(reader);
        model.eval();
        copy.eval();
        Assert.True(model.call(x).Equals(copy.call(x)));
    }

    [Fact]
    public void Errors_of_libtorch_keep_their_text()
    {
        using var matrix = ones(2, 3);
        var error = Assert.Throws<ExternalException>(() => matrix.matmul(matrix));
        Assert.Contains("shapes cannot be multiplied (2x3 and 2x3)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_in_place_call_answers_with_the_object_itself()
    {
        using var a = ones(3);
        Assert.Same(a, a.add_(1).mul_(2).clamp_(0, 3));
        Assert.Equal([3f, 3f, 3f], a.data<float>().ToArray());
    }

    [Fact]
    public void A_scope_frees_what_was_made_in_it_and_nothing_else()
    {
        using var kept = ones(4);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Tensor survivor;
        using (NewDisposeScope())
        {
            var sum = kept + kept;
            _ = sum.exp();
            survivor = sum.MoveToOuterDisposeScope();
        }
        Assert.False(survivor.IsInvalid);
        Assert.Equal(before + 1, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        survivor.Dispose();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Gradients_are_not_recorded_where_they_are_turned_off()
    {
        using var x = ones(2, requires_grad: true);
        using (no_grad()) Assert.False((x * 2).requires_grad);
        using (inference_mode()) Assert.True(is_inference_mode_enabled());
        Assert.False(is_inference_mode_enabled());
        Assert.True((x * 2).requires_grad);
    }

    private static TorchSharp.Modules.Sequential SmallNetwork() => Sequential(
        Conv2d(1, 8, 3, padding: 1), BatchNorm2d(8), ReLU(), MaxPool2d(2), Flatten(), Linear(8 * 4 * 4, 4));
}
