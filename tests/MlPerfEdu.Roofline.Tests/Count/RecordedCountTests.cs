using MlPerfEdu.Roofline.Count;

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
        new StepCounter(2, 1, 4, 4).Conv2d("conv", 3, 3, bias: false).Flatten().Linear("fc", 5).Build();

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
        RecordedCount.Differences(new StepCounter(1, 1).Build(), [new("aten::bmm", [[2, 4, 5], [2, 5, 6]], 1, 1)]));
}
