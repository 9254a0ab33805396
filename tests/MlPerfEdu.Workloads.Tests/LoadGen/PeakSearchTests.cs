using MlPerfEdu.Engine.LoadGen;
using MlPerfEdu.Engine.Running;
using MlPerfEdu.Roofline.Load;

namespace MlPerfEdu.Workloads.Tests.LoadGen;

public class PeakSearchTests
{
    [Theory]
    [InlineData(1, 10)]
    [InlineData(1, 1.01)]
    [InlineData(3, 700)]
    public void The_peak_is_the_capacity_within_a_twentieth(double lowest, double capacity)
    {
        var found = PeakSearch.Find(lowest, rate => new TriedRate(rate, rate <= capacity, "", rate));
        Assert.InRange(found.Peak!.Value, capacity / 1.05, capacity);
        Assert.Equal((0.8 * found.Peak, true), (found.Below!.Rate, found.Below.Holds));
        Assert.Equal((1.2 * found.Peak, false), (found.Above!.Rate, found.Above.Holds));
        Assert.Equal(lowest, found.Tried[0].Rate);
    }

    [Fact]
    public void A_lowest_rate_that_is_too_high_has_no_peak()
    {
        var found = PeakSearch.Find(5, rate => new TriedRate(rate, false, "", rate));
        Assert.Null(found.Peak);
        Assert.Single(found.Tried);
    }

    [Fact]
    public void A_search_without_end_is_given_up() =>
        Assert.Equal(65536, PeakSearch.Find(1, rate => new TriedRate(rate, true, "", rate)).Peak);

    /// <summary>A system of ten milliseconds per answer, in virtual time: a hundred a second, less what its waiting line costs.</summary>
    [Fact]
    public void Runs_are_long_enough_to_find_that_a_system_falls_behind()
    {
        var load = new MlPerfEdu.Catalog.Load(48, 0, 64, 8, 0.99, 10, 0.2);
        var found = PeakSearch.Find(10, rate =>
        {
            var (settings, time) = (ServingTrials.Settings(load, 1, rate), new VirtualTime());
            var answers = new LoadGenerator(settings, time).Run(new OneByOne(new FixedSystem(time, 10 * Loads.Millisecond)), _ => { });
            return TriedRate.Of(new ServingRecord(settings, answers));
        });
        Assert.InRange(found.Peak!.Value, 70, 110);
        Assert.True(found.Below!.Holds, found.Below.Why);
        Assert.False(found.Above!.Holds, found.Above.Why);
        Assert.Contains("p99", found.Above.Why);
    }
}
