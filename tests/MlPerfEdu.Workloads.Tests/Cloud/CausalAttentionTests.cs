using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Engine;
using MlPerfEdu.Numerics;
using MlPerfEdu.Workloads.Cloud.NanoGpt;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Cloud;

/// <summary>The kernel against the plain form of the model.</summary>
public class CausalAttentionTests
{
    const double Tolerance = 1e-5;

    // One block, parts of one, several with a rest; heads of one block, less and more.
    [Theory]
    [InlineData(2, 64, 6, 64)]
    [InlineData(3, 12, 2, 8)]
    [InlineData(2, 1, 1, 16)]
    [InlineData(1, 70, 3, 20)]
    [InlineData(1, 130, 2, 72)]
    public void Finds_what_operators_find_and_so_do_its_gradients(int batch, int positions, int heads, int head)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        // Large enough that some scores outweigh the others by far.
        var projected = (randn(batch * positions, 3 * heads * head) * 2).requires_grad_();
        var arriving = randn(batch * positions, heads * head);

        var found = CausalAttention.Of(projected, batch, heads);
        var gradient = autograd.grad([found], [projected], [arriving])[0];
        var expected = NanoGptLayer.PlainAttention(projected, batch, heads);
        var expectedGradient = autograd.grad([expected], [projected], [arriving])[0];

        Assert.Equal(expected.shape, found.shape);
        Assert.InRange(Difference(found, expected), 0, Tolerance);
        Assert.InRange(Difference(gradient, expectedGradient), 0, Tolerance);
    }

    [Fact]
    public void A_model_with_plain_attention_says_the_same_and_counts_the_same_products()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(3);
        var model = new NanoGptModel(new(Layers: 2, Width: 32, Heads: 4, Vocabulary: 16, Context: 24));
        var text = randint(16, new long[] { 3, 12 }, dtype: int64);
        var (fast, counted) = (model.call(text), Count());
        foreach (var layer in model.Layers) layer.IsPlain = true;

        Assert.InRange(Difference(model.call(text), fast), 0, Tolerance);
        // The kernel leaves out most scores that the mask hides.
        Assert.InRange(counted.ForwardMacs, 1, Count().ForwardMacs - 1);
        Assert.Equal(counted.Parameters, Count().Parameters);

        StepCount Count() => ModuleCounter.Count(3, counter => counter.Watch(model).call(text));
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(2);
        var projected = randn(3 * 20, 3 * 5 * 16).requires_grad_();
        var threads = get_num_threads();
        try
        {
            var results = new[] { 1, 2, 3 }.Select(count =>
            {
                set_num_threads(count);
                var found = CausalAttention.Of(projected, 3, 5);
                return cat([found, autograd.grad([found.square().sum()], [projected])[0]], 1);
            }).ToList();
            Assert.All(results, result => Assert.True(result.eq(results[0]).all().item<bool>()));
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    // The other tests run the width that this machine has.
    [Theory]
    [InlineData(64, 64)]
    [InlineData(12, 8)]
    [InlineData(70, 20)]
    [InlineData(130, 72)]
    [InlineData(300, 64)]
    public unsafe void Vectors_of_both_widths_find_the_same(int positions, int head)
    {
        var shape = new HeadShape(positions, Heads: 1, head);
        var width = 3 * head;
        using var projected = Normals(positions * width, 1);
        using var arriving = Normals(positions * head, 2);
        var (of512, of256) = (Of<Wide512>(), Of<Wide256>());
        Assert.All(of512.Zip(of256), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));

        float[] Of<T>()
            where T : struct, IWide<T>
        {
            using NativeFloats found = new(positions * head), gradient = new(positions * width);
            using NativeFloats weights = new(shape.Rows * shape.Rows), room = new(HeadKernels.Scratch(shape));
            HeadKernels<T>.Forward(shape, Rows(projected, width), Rows(found, head), weights.Address, room.Address);
            HeadKernels<T>.Backward(shape, Rows(projected, width), weights.Address, Rows(arriving, head), Rows(gradient, width), room.Address);
            return [.. new Span<float>(found.Address, positions * head), .. new Span<float>(gradient.Address, positions * width)];
        }
    }

    static unsafe HeadRows Rows(NativeFloats of, int stride) => new((nint)of.Address, stride, IsBf16: false);

    static unsafe NativeFloats Normals(int count, int seed)
    {
        var room = new NativeFloats(count);
        new RandomData(seed).Normals(count).CopyTo(new Span<float>(room.Address, count));
        return room;
    }

    [Fact]
    public void Rows_that_are_no_samples_are_refused()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("expected rows of 3 samples", Assert.Throws<ArgumentException>(() => CausalAttention.Of(randn(8, 24), 3, 2)).Message);
        Assert.Contains("values of 5 heads", Assert.Throws<ArgumentException>(() => CausalAttention.Of(randn(9, 24), 3, 5)).Message);
    }

    static double Difference(Tensor actual, Tensor expected) => ((actual - expected).abs().max() / expected.abs().max()).item<float>();
}
