using MlPerfEdu.Roofline.Count;

namespace MlPerfEdu.Roofline.Tests.Count;

public class BlockedAttentionTests
{
    const int Heads = 2, Width = 128, Positions = 10;

    [Fact]
    public void Scores_beyond_a_block_are_not_counted()
    {
        // Blocks of 4, 4 and 2 queries see 4, 8 and 10 keys.
        const long pairs = 4 * 4 + 4 * 8 + 2 * 10;
        Assert.Equal(pairs * Width, Row("scores", block: 4).ForwardMacs);
        Assert.Equal(pairs * Width, Row("values", block: 4).ForwardMacs);
        Assert.Equal(Heads * pairs, Row("softmax", block: 4).Output.Aggregate(1L, (product, size) => product * size));
        Assert.Equal(3, Row("scores", block: 4).Operators.Count);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Positions)]
    [InlineData(2 * Positions)]
    public void One_block_is_the_whole_attention(int? block) =>
        Assert.Equal(Positions * Positions * Width, Row("scores", block).ForwardMacs);

    [Theory]
    [InlineData(null)]
    [InlineData(4)]
    public void A_kernel_of_our_own_counts_the_same_products_as_one_call(int? block)
    {
        var apart = new StepCount(1, AttentionCount.Operators("attention", Size(block), dataGradient: true));
        var row = AttentionCount.Kernel("attention", Size(block), dataGradient: true);

        Assert.Equal(apart.Flops, new StepCount(1, [row]).Flops);
        Assert.Equal((1, 1), (row.Forward.Calls, row.DataGradient.Calls));
        Assert.Empty(row.Operators);
        Assert.True(row.Total.Bytes < apart.Bytes);
    }

    [Fact]
    public void Sentences_below_one_another_are_counted_each_as_long_as_it_is()
    {
        var alike = AttentionCount.Kernel("attention", new AttentionSize(Batch: 3, Heads, Positions, Positions, Width / Heads), dataGradient: true);
        var row = AttentionCount.Kernel("attention", [Positions, Positions, Positions], Heads, Width / Heads, dataGradient: true);
        Assert.Equal((alike.ForwardMacs, alike.Total, alike.UniqueBytes), (row.ForwardMacs, row.Total, row.UniqueBytes));
        // 2·(1 + 9 + 36) scores of 64 numbers, twice.
        Assert.Equal(2 * 92 * 64, AttentionCount.Kernel("attention", [1, 3, 6], Heads, Width / Heads, dataGradient: false).ForwardMacs);
    }

    static LayerCount Row(string part, int? block) =>
        AttentionCount.Operators("attention", Size(block), dataGradient: false).Single(layer => layer.Layer == $"attention {part}");

    static AttentionSize Size(int? block) => new(Batch: 1, Heads, Positions, Positions, Width / Heads) { Causal = true, Block = block };
}
