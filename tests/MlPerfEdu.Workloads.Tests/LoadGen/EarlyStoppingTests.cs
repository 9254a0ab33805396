using MlPerfEdu.Roofline.Load;

namespace MlPerfEdu.Workloads.Tests.LoadGen;

public class EarlyStoppingTests
{
    [Theory]
    [InlineData(0.90, new long[] { 44, 64, 81, 127, 197, 681, 1246 })]
    [InlineData(0.95, new long[] { 90, 130, 165, 259, 398, 1372, 2504 })]
    [InlineData(0.97, new long[] { 152, 219, 277, 433, 667, 2293, 4182 })]
    [InlineData(0.99, new long[] { 459, 662, 838, 1307, 2010, 6898, 12571 })]
    [InlineData(0.999, new long[] { 4603, 6636, 8403, 13105, 20140, 69058, 125826 })]
    public void The_least_queries_are_those_of_the_table(double percentile, long[] expected) =>
        Assert.Equal(expected, new long[] { 0, 1, 2, 5, 10, 50, 100 }.Select(over => EarlyStopping.LeastQueries(percentile, over)));

    [Theory]
    [InlineData(64, 0)]
    [InlineData(1289, 102)]
    [InlineData(81_486, 7_948)]
    public void The_estimate_discards_as_many_as_the_reference(int queries, int discarded)
    {
        long[] sorted = [.. Enumerable.Range(0, queries).Select(i => (long)i)];
        Assert.Equal(queries - 1 - discarded, EarlyStopping.Estimate(sorted, 0.9));
    }

    [Fact]
    public void Too_few_queries_have_no_estimate() => Assert.Null(EarlyStopping.Estimate(new long[63], 0.9));
}
