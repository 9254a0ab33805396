using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Experiments;
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
        var experiment = new CacheProbeExperiment(new ExperimentSetup(SharedRuns.Experiment("cache-probe"), SampleEvidence.Facts));
        // One outlier in three: the median does not see it.
        var points = levels.Sizes(6, 3, 8).Select(size => new MeasuredPoint(
            "sum of a set, one thread", new Dictionary<string, double> { ["bytes"] = size }, "seconds per byte",
            size <= levels.Stated[^1].Bytes ? [1e-11, 1e-11, 9e-11] : [4e-11, 4e-11, 1e-11])).ToList();
        var findings = experiment.Derive(points);

        Assert.Equal(1, findings.Metrics["knees"]);
        Assert.Equal(4, findings.Metrics["fastest_over_slowest"], 9);
        Assert.Contains(levels.Stated[^1].Name, findings.Tables[0].Table.ToString(), StringComparison.Ordinal);
    }

    // The seed's metric is inverse latency whatever the width is.
    [Theory]
    [InlineData(2560, 64, 0.237)]
    [InlineData(6144, 64, 0.844)]
    [InlineData(8192, 32, 4.203)]
    public void The_seeds_metric_cannot_see_a_spill(int channels, int columns, double milliseconds) =>
        Assert.Equal(columns * 1.048576 / milliseconds, SeedSpill.GflopsPerMib(channels, columns, milliseconds), 9);
}
