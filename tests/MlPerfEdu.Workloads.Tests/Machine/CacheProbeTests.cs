using MlPerfEdu.Engine.Experiments;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Compare;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Report.Plots;
using MlPerfEdu.Workloads.Machine.CacheProbe;
using MlPerfEdu.Workloads.Tests.Cli;

namespace MlPerfEdu.Workloads.Tests.Machine;

public class CacheProbeTests
{
    readonly CacheLevels levels = new(SampleEvidence.Facts);

    [Fact]
    public void Sizes_are_dense_near_the_stated_levels()
    {
        var sizes = levels.Sizes(6, 3, 8);
        var last = levels.Stated[^1].Bytes;

        Assert.True(sizes.Count(size => size > last / 2 && size <= last) >= 6);
        Assert.InRange(sizes[^1], 4 * last, 8 * last);
        Assert.Equal(sizes.Order(), sizes);
    }

    [Fact]
    public void A_knee_has_the_name_of_the_level_that_it_is_near()
    {
        var last = levels.Stated[^1];

        Assert.Equal(last.Name, levels.Nearest(new Interval(last.Bytes * 0.8, last.Bytes * 1.1))?.Name);
        Assert.Null(levels.Nearest(new Interval(last.Bytes * 8.0, last.Bytes * 9.0)));
    }

    [Fact]
    public void Knees_are_derived_from_the_medians()
    {
        var experiment = new CacheProbeExperiment(new ExperimentSetup(ThisClone.Experiment("cache-probe"), SampleEvidence.Facts));
        // One outlier in three: the median does not see it.
        var points = levels.Sizes(6, 3, 8).Select(size => new MeasuredPoint(
            "sum of a set, one thread", new Dictionary<string, double> { ["bytes"] = size }, "seconds per byte",
            size <= levels.Stated[^1].Bytes ? [1e-11, 1e-11, 9e-11] : [4e-11, 4e-11, 1e-11])).ToList();
        var findings = experiment.Derive(points);

        Assert.Equal(1, findings.Metrics["knees"]);
        Assert.Equal(4, findings.Metrics["fastest_over_slowest"], 9);
        Assert.Contains(levels.Stated[^1].Name, findings.Tables[0].Table.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_knee_that_every_third_of_the_repeats_has_is_steady_and_ranges_over_all_of_theirs()
    {
        var knee = Compared((size, repeat) => size <= (repeat < 3 ? 12_000_000 : 24_000_000) ? 1e-11 : 4e-11)
            .OfType<KneeFinding>().Single();

        Assert.Equal((true, true, true), (knee.Steady, knee.Range.Low <= 12_000_000, knee.Range.High >= 24_000_000));
        Assert.StartsWith("end of L3 (stated ", knee.Name, StringComparison.Ordinal);
    }

    [Fact]
    public void A_knee_of_some_repeats_only_is_not_steady()
    {
        var knee = Compared((size, repeat) => repeat < 3 && size > 24_000_000 ? 4e-11 : 1e-11).OfType<KneeFinding>().Single();

        Assert.False(knee.Steady);
    }

    [Fact]
    public void The_speed_that_nobody_shares_is_compared()
    {
        var speed = Compared((size, repeat) => (1 + 0.1 * repeat) * (size <= 24_000_000 ? 1e-11 : 4e-11)).OfType<TimeFinding>().Single();

        Assert.Equal("streaming before the first knee", speed.Name);
        Assert.Equal(9, speed.Rounds.Count);
        Assert.Equal(1.8e-11, speed.Rounds[^1].Seconds.Single(), 1e-15);
        Assert.Equal("100 GB/s", speed.Say(speed.Rounds[0].Seconds[0]));
    }

    [Fact]
    public void The_plot_marks_the_knees()
    {
        var drawing = Findings((size, _) => size <= 24_000_000 ? 1e-11 : 4e-11).Drawings.Single();

        Assert.Equal("cache", drawing.Name);
        Assert.StartsWith("end of L3 (stated ", ((Plot)drawing.Drawing).Bands.Single().Name, StringComparison.Ordinal);
    }

    IReadOnlyList<Finding> Compared(Func<long, int, double> secondsPerByte) => Findings(secondsPerByte).Compared;

    Findings Findings(Func<long, int, double> secondsPerByte) =>
        new CacheProbeExperiment(new ExperimentSetup(ThisClone.Experiment("cache-probe"), SampleEvidence.Facts)).Derive(
        [
            .. levels.Sizes(6, 3, 8).Select(size => new MeasuredPoint(
                "sum of a set, one thread", new Dictionary<string, double> { ["bytes"] = size }, "seconds per byte",
                [.. Enumerable.Range(0, 9).Select(repeat => secondsPerByte(size, repeat))])),
        ]);

    // The original's metric is inverse latency whatever the width is.
    [Theory]
    [InlineData(2560, 64, 0.237)]
    [InlineData(6144, 64, 0.844)]
    [InlineData(8192, 32, 4.203)]
    public void The_seeds_metric_cannot_see_a_spill(int channels, int columns, double milliseconds) =>
        Assert.Equal(columns * 1.048576 / milliseconds, OriginalSpill.GflopsPerMib(channels, columns, milliseconds), 9);
}
