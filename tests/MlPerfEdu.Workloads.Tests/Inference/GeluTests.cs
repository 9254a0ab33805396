using MlPerfEdu.Numerics;
using MlPerfEdu.Workloads.Cloud.Gpt;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Inference;

public unsafe class GeluTests
{
    const float Tolerance = 5e-7f;

    // Whole vectors, less than one, and a rest.
    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(64)]
    [InlineData(1001)]
    public void Values_are_those_of_double_precision(int count)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        var x = randn(count) * 3;
        var exact = functional.gelu(x.to(float64)).to(float32).data<float>().ToArray();

        Assert.All(Forward(x.data<float>().ToArray()).Zip(exact), pair => Assert.Equal(pair.Second, pair.First, Tolerance));
    }

    [Fact]
    public void Vectors_of_both_widths_give_the_same()
    {
        const int count = 37;
        var x = stackalloc float[count];
        for (var i = 0; i < count; i++) x[i] = (i - 18) / 4f;
        float[] Of<T>()
            where T : struct, IWide<T>
        {
            var y = stackalloc float[count];
            GeluKernel.Forward<T>(x, y, count);
            return new Span<float>(y, count).ToArray();
        }

        Assert.All(Of<Wide512>().Zip(Of<Wide256>()), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }

    [Fact]
    public void Far_from_zero_a_value_passes_or_does_not()
    {
        Assert.Equal([0f, 0f, 0f, 30f, 1e30f], Forward([-1e30f, -30f, 0f, 30f, 1e30f]).Select(value => value + 0f));
        Assert.True(float.IsNaN(Forward([float.NaN])[0]));
    }

    static float[] Forward(float[] x)
    {
        var y = new float[x.Length];
        fixed (float* from = x, to = y) GeluKernel.Forward(from, to, x.Length);
        return y;
    }
}
