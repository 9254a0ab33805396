using MlPerfEdu.Serving.Numerics;
using MlPerfEdu.Workloads.Cloud.NanoGpt;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MlPerfEdu.Workloads.Tests.Cloud;

public class GeluTests
{
    const float Tolerance = 5e-7f;

    // Whole vectors, less than one, a rest, and parts of several threads.
    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(64)]
    [InlineData(1001)]
    [InlineData(40001)]
    public void Values_and_gradients_are_libtorchs(int count)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        var x = (randn(count) * 3).requires_grad_();
        var arriving = randn(count);
        Tensor ours = Gelu.Of(x), theirs = functional.gelu(x);
        Assert.InRange((ours - theirs).abs().max().item<float>(), 0, Tolerance);
        Tensor gradient = autograd.grad([ours], [x], [arriving])[0], expected = autograd.grad([theirs], [x], [arriving])[0];
        Assert.InRange((gradient - expected).abs().max().item<float>(), 0, 4 * Tolerance);
    }

    [Fact]
    public unsafe void Vectors_of_both_widths_give_the_same()
    {
        const int count = 37;
        float* x = stackalloc float[count], arriving = stackalloc float[count];
        for (var i = 0; i < count; i++) (x[i], arriving[i]) = ((i - 18) / 4f, 1 - i / 9f);
        float[] Of<T>()
            where T : struct, IWide<T>
        {
            float* y = stackalloc float[count], gradient = stackalloc float[count];
            GeluKernels.Forward<T>(x, y, count);
            GeluKernels.Backward<T>(x, arriving, gradient, count);
            return [.. new Span<float>(y, count), .. new Span<float>(gradient, count)];
        }

        Assert.All(Of<Wide512>().Zip(Of<Wide256>()), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }

    [Fact]
    public void Far_from_zero_a_value_passes_or_does_not()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([0f, 0f, 0f, 30f, 1e30f], Gelu.Of(tensor(new[] { -1e30f, -30f, 0f, 30f, 1e30f })).data<float>().ToArray().Select(value => value + 0f));
        Assert.True(float.IsNaN(Gelu.Of(tensor(new[] { float.NaN })).item<float>()));
    }
}
