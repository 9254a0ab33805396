namespace MlPerfEdu.Roofline.Tests;

public class StatisticsTests
{
    [Fact]
    public void Median_of_odd_and_even_counts() =>
        Assert.Equal((2.0, 2.5), (Statistics.Median([3, 1, 2]), Statistics.Median([4, 1, 3, 2])));

    [Fact]
    public void Median_of_nothing_is_refused() => Assert.Throws<ArgumentException>("samples", () => Statistics.Median([]));

    [Fact]
    public void Relative_spread_is_the_median_distance_from_the_median() =>
        Assert.Equal(0.1, Statistics.RelativeSpread([9, 10, 10, 11, 11, 9, 20]), 12);

    // Ranks from tables of the binomial distribution with p = 1/2.
    [Theory]
    [InlineData(6, 0.95, 1, 6)]
    [InlineData(10, 0.95, 2, 9)]
    [InlineData(22, 0.95, 6, 17)]
    [InlineData(25, 0.95, 8, 18)]
    [InlineData(8, 0.99, 1, 8)]
    [InlineData(20, 0.99, 4, 17)]
    // An eighth below and an eighth above: exactly this confidence is enough.
    [InlineData(3, 0.75, 1, 3)]
    public void Interval_is_the_pair_of_order_statistics(int samples, double confidence, int low, int high)
    {
        var shuffled = Enumerable.Range(1, samples).Select(value => (double)value).Reverse().ToArray();

        Assert.Equal(new Interval(low, high), Statistics.MedianInterval(shuffled, confidence));
    }

    [Theory]
    [InlineData(0, 0.95)]
    [InlineData(5, 0.95)]
    [InlineData(7, 0.99)]
    public void Too_few_samples_give_no_interval(int samples, double confidence) =>
        Assert.Null(Statistics.MedianInterval([.. Enumerable.Range(1, samples).Select(value => (double)value)], confidence));

    // A sidecar may say anything, and verifying it has to end.
    [Fact]
    public void A_confidence_below_all_sense_still_ends() => Assert.NotNull(Statistics.MedianInterval([1, 2, 3], -1));

    [Fact]
    public void Interval_contains_the_true_median_as_often_as_it_says()
    {
        var random = new Random(7);
        var hits = Enumerable.Range(0, 2000).Count(_ =>
        {
            // A skewed distribution, as times are: its median is ln 2.
            var samples = Enumerable.Range(0, 15).Select(_ => -Math.Log(1 - random.NextDouble())).ToArray();
            var interval = Statistics.MedianInterval(samples, 0.95)!.Value;
            return interval.Low <= Math.Log(2) && Math.Log(2) <= interval.High;
        });

        Assert.InRange(hits / 2000.0, 0.95, 0.985);
    }
}
