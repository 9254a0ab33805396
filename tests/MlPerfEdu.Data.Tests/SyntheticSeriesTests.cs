using Xunit.Abstractions;

namespace MlPerfEdu.Data.Tests;

public class SyntheticSeriesTests(ITestOutputHelper output)
{
    const int Day = 24;

    [Fact]
    public void Are_the_pinned_hours_in_the_shape_of_etth1()
    {
        var set = Embedded.Series.Value;
        Assert.Equal((8640, 11_520, 7), (set.Train, set.Rows, set.Names.Count));
        Assert.All(set.Values, value => Assert.InRange(value, -50, 100));
        Assert.Equal(DataTier.Embedded, set.Provenance.Tier);
    }

    [Fact]
    public void Another_seed_gives_other_hours()
    {
        var first = SyntheticSeries.Generate(new("s", 1, 200, 100));
        Assert.Equal(first.Values, SyntheticSeries.Generate(new("s", 1, 200, 100)).Values);
        Assert.NotEqual(first.Values, SyntheticSeries.Generate(new("s", 2, 200, 100)).Values);
    }

    [Fact]
    public void Neither_the_last_value_nor_the_last_day_is_a_good_forecast()
    {
        var set = Embedded.Series.Value;
        var last = Enumerable.Range(0, set.Rows).Select(hour => (double)set.Values[hour * set.Names.Count + set.Names.Count - 1]).ToArray();
        var variance = last[..set.Train].Average(value => value * value) - Math.Pow(last[..set.Train].Average(), 2);
        var (persistence, seasonal) = (Error(Day / 2), Error(Day));
        output.WriteLine($"twelve hours ago {persistence:0.000}, a day ago {seasonal:0.000}, of the variance");
        Assert.InRange(persistence, 0.05, 1);
        Assert.InRange(seasonal, 0.02, 1);

        double Error(int lag) => Enumerable.Range(set.Train + lag, set.Rows - set.Train - lag).Average(hour => Math.Pow(last[hour] - last[hour - lag], 2)) / variance;
    }
}
