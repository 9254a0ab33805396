using MlPerfEdu.Engine.Compare;

namespace MlPerfEdu.Workloads.Tests.Compare;

public class ComparisonTests
{
    static readonly TwinFacts Twin = new("9.9", 2, null, 20);

    [Fact]
    public void The_ratio_is_taken_turn_by_turn()
    {
        // The machine is ten times slower from the fourth turn on; the medians of both sides have a ratio of 2.
        var comparison = Of([1, 1, 1, 10, 10, 10, 10], [3, 3, 3, 20, 20, 20, 30]);

        Assert.Equal((10, 20), (comparison.OurStep, comparison.TheirStep));
        Assert.Equal(3, comparison.Ratio, 12);
        Assert.Equal((2, 3), (comparison.RatioInterval.Low, comparison.RatioInterval.High));
    }

    [Fact]
    public void One_turn_that_was_disturbed_changes_little()
    {
        var comparison = Of([1, 1, 1, 9, 1, 1, 1, 1, 1], [2, 2.1, 2, 2, 1.9, 2, 2, 2, 2]);

        Assert.Equal(2, comparison.Ratio, 12);
        Assert.InRange(comparison.RatioInterval.Low, 1.9, 2);
        Assert.InRange(comparison.RatioInterval.High, 2, 2.1);
    }

    [Fact]
    public void Six_turns_are_the_fewest_that_bound_a_median()
    {
        var enough = Enumerable.Repeat(1.0, Comparison.FewestTurns).ToArray();

        Assert.Equal(1, Of(enough, enough).Ratio);
        Assert.Throws<ArgumentException>(() => Of(enough[1..], enough[1..]));
    }

    static Comparison Of(double[] ours, double[] twins) => new("a-workload", 8, 1, ours, twins, Twin);
}
