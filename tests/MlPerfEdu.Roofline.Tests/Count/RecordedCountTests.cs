using MlPerfEdu.Roofline.Count;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MlPerfEdu.Roofline.Tests.Count;

public class RecordedCountTests
{
    // A step of two layers as libtorch dispatches it, transposes and other operators included.
    static readonly RecordedOperator[] Recorded =
    [
        new("aten::convolution", [[2, 1, 4, 4], [3, 1, 3, 3]], 1, 1),
        new("aten::convolution_backward", [[2, 3, 2, 2], [2, 1, 4, 4], [3, 1, 3, 3]], 1, 1),
        new("aten::addmm", [[5], [2, 12], [12, 5]], 1, 1),
        new("aten::mm", [[2, 5], [5, 12]], 1, 1),
        new("aten::mm", [[5, 2], [2, 12]], 1, 1),
        new("aten::add_", [[5], [5]], 40, 40),
    ];

    static readonly StepCount Count =
        Counting.Of(Sequential(Conv2d(1, 3, 3, bias: false), Flatten(), Linear(12, 5)), zeros(2, 1, 4, 4));

    [Fact]
    public void Equal_when_the_same_products_and_convolutions_were_seen() =>
        Assert.Empty(RecordedCount.Differences(Count, Recorded));

    [Fact]
    public void A_product_too_few_is_named() => Assert.Equal(
        ["Matmul 240 FLOP: 3 calls by the layers, 2 recorded"],
        RecordedCount.Differences(Count, [.. Recorded.Where(row => row.Name != "aten::addmm")]));

    [Fact]
    public void A_convolution_of_another_size_is_named_on_both_sides()
    {
        var differences = RecordedCount.Differences(
            Count, [new("aten::convolution", [[2, 1, 5, 4], [3, 1, 3, 3]], 1, 1), .. Recorded.Skip(1)]);

        Assert.Equal(
            [
                "Convolution 2x1x4x4 by 3x1x3x3: 1 calls by the layers, 0 recorded",
                "Convolution 2x1x5x4 by 3x1x3x3: 0 calls by the layers, 1 recorded",
            ],
            differences);
    }

    [Fact]
    public void Batched_products_count_every_matrix() => Assert.Equal(
        ["Matmul 480 FLOP: 0 calls by the layers, 1 recorded"],
        RecordedCount.Differences(new StepCount(1, []), [new("aten::bmm", [[2, 4, 5], [2, 5, 6]], 1, 1)]));

    [Fact]
    public void A_gradient_too_many_is_seen_in_the_flops_although_the_calls_are_equal()
    {
        // convolution_backward of the first layer, asked for both gradients, then for the weight's only; 3x2x2 results of 9 products, 2 samples.
        Assert.Equal(["ConvolutionBackward: 432 FLOP by the layers, 864 recorded"], Backward([1, 1, 0]));
        Assert.Empty(Backward([0, 1, 0]));

        static IReadOnlyList<string> Backward(long[] mask)
        {
            RecordedArgument one = new([1, 1], null), zero = new([0, 0], null), no = new([0], null), none = new([], null);
            return RecordedCount.Differences(
                Count,
                [
                    Recorded[0] with { Arguments = [none, none, none, one, zero, one, no, zero, none] },
                    Recorded[1] with { Arguments = [none, none, none, none, one, zero, one, no, zero, none, new(mask, null)] },
                    .. Recorded.Skip(2),
                ]);
        }
    }

    [Fact]
    public void A_sparse_product_counts_what_is_stored_and_once()
    {
        RecordedArgument none = new([], null), sparse = new([], 12);
        RecordedOperator[] recorded =
        [
            new("aten::mm", [[6, 6], [6, 4]], 1, 1) { Arguments = [sparse, none] },
            new("aten::_sparse_addmm", [[6, 4], [6, 6], [6, 4]], 1, 0) { Arguments = [none, sparse, none] },
            new("aten::addmm", [[6, 4], [6, 6], [6, 4]], 1, 0) { Arguments = [none, sparse, none] },
        ];

        Assert.Empty(RecordedCount.Differences(new StepCount(6, [PropagationCount.Sparse("p", 6, 4, 12, dataGradient: false)]), recorded));
        Assert.Equal(
            ["SparseMatmul 104 FLOP: 1 calls by the layers, 0 recorded", "SparseMatmul 96 FLOP: 0 calls by the layers, 1 recorded"],
            RecordedCount.Differences(new StepCount(6, [PropagationCount.Sparse("p", 6, 4, 13, dataGradient: false)]), recorded));
    }
}
