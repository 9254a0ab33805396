using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Experiments;
using MlPerfEdu.Roofline.Compare;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Report.Plots;
using MlPerfEdu.Workloads.Machine.PeakSweep;
using MlPerfEdu.Workloads.Tests.Cli;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Machine;

public class PeakSweepTests
{
    static readonly IReadOnlyDictionary<string, double> OneThread = new Dictionary<string, double> { ["threads"] = 1 };

    readonly PeakSweepExperiment experiment = new(new ExperimentSetup(ThisClone.Experiment("peak-sweep"), SampleEvidence.Facts));

    [Fact]
    public void Shares_are_of_the_largest_product_of_the_same_thread_count()
    {
        // 2·1000³ FLOP in 20 ms: 100 GFLOP/s. A chain of 2·100²·50·4 = 4 MFLOP in 80 us: half of it.
        var findings = experiment.Derive(
        [
            new("largest product fp32", new SweepPoint(1000, 1, 1000).At(1), "seconds", [0.020, 0.025, 0.030]),
            new("chain fp32", new SweepPoint(100, 4, 50).At(1), "seconds", [90e-6, 80e-6, 85e-6]),
            new("chain fp32", new SweepPoint(100, 8, 50).At(1), "seconds", [320e-6]),
            new("error against double precision", new SweepPoint(100, 4, 50).At(1), "relative", [3e-6]),
            new("empty operator", OneThread, "seconds", [1e-6]),
        ]);

        Assert.Equal(0.5, findings.Metrics["best_share_one_thread"], 9);
        Assert.Equal(0.25, findings.Metrics["worst_share_one_thread"], 9);
        Assert.Equal(3e-6, findings.Metrics["largest_error"]);
        Assert.Contains("80.0 GFLOP/s", findings.Tables[0].Title, StringComparison.Ordinal);
    }

    [Fact]
    public void The_sweep_varies_one_size_at_a_time_and_has_the_seeds_chains()
    {
        var points = SweepPoint.All(ThisClone.Experiment("peak-sweep").Geometry);

        Assert.Equal(points.Count, points.Distinct().Count());
        Assert.All(OriginalChains.Rows, row => Assert.Contains(row.Point, points));
        Assert.Contains(new SweepPoint(512, 32, 1), points);
    }

    // Facts of the published rows: TFLOP/s from 2·C²·S·depth over the time.
    [Theory]
    [InlineData(512, 64, 0.244, 8.801)]
    [InlineData(256, 128, 0.454, 2.365)]
    public void The_seeds_rates_follow_from_its_times(int channels, int depth, double milliseconds, double teraflops) =>
        Assert.Equal(teraflops, new SweepPoint(channels, depth, 64).Flops / milliseconds / 1e9, 3);

    [Fact]
    public void A_chain_computes_its_product()
    {
        random.manual_seed(2);
        using var weights = new SweepWeights();
        using var chain = new ProductChain(weights.Of(32, 5), 7);

        Assert.InRange(chain.Error(), 1e-12, 1e-5);
    }

    [Fact]
    public void A_longer_chain_has_the_weights_of_a_shorter_one()
    {
        using var weights = new SweepWeights();
        var (few, all) = (weights.Of(8, 2), weights.Of(8, 4));

        Assert.Equal((2, 4), (few.Count, all.Count));
        Assert.All(few.Zip(all), pair => Assert.Same(pair.First, pair.Second));
        Assert.Equal(4, all.Distinct().Count());
    }

    // Two threads whose largest product was always disturbed are held to twice the rate of one.
    [Theory]
    [InlineData(0.010, 0.5)]
    [InlineData(0.040, 0.5)]
    [InlineData(0.005, 0.25)]
    public void All_threads_are_held_to_what_each_of_them_can_do(double largest, double share)
    {
        var two = new Dictionary<string, double> { ["threads"] = 2 };
        var findings = experiment.Derive(
        [
            new("largest product fp32", new SweepPoint(1000, 1, 1000).At(1), "seconds", [0.020]),
            new("chain fp32", new SweepPoint(100, 4, 50).At(1), "seconds", [80e-6]),
            new("error against double precision", new SweepPoint(100, 4, 50).At(1), "relative", [3e-6]),
            new("empty operator", OneThread, "seconds", [1e-6]),
            new("largest product fp32", new SweepPoint(1000, 1, 1000).At(2), "seconds", [largest]),
            new("chain fp32", new SweepPoint(100, 4, 50).At(2), "seconds", [40e-6]),
            new("empty operator", two, "seconds", [1e-6]),
        ]);

        Assert.Equal(share, findings.Metrics["best_share_all_threads"], 9);
    }

    [Fact]
    public void Each_varied_size_is_drawn_below_the_largest_product()
    {
        var drawings = Swept(samples: 2).Drawings;

        Assert.Equal(["channels", "depth", "columns"], drawings.Select(drawing => drawing.Name));
        var columns = (Plot)drawings[2].Drawing;
        Assert.Equal(["chain, 1 thread", "largest product, 1 thread"], columns.Lines.Select(line => line.Name));
        Assert.Equal([1, 4, 16, 64, 256], columns.Lines[0].Points.Select(point => point.X));
        Assert.All(columns.Lines[0].Points, point => Assert.Equal(50e9, point.Y, 1.0));
    }

    [Fact]
    public void Chains_are_compared_round_by_round_beside_the_largest_product()
    {
        var compared = Swept(samples: 2).Compared.Cast<TimeFinding>().ToArray();
        var chain = compared.Single(time => time.Name == "512 channels, 32 deep, 4 columns, 1 thread");

        Assert.Equal(["largest product, 1 thread", "empty operator, 1 thread"], compared.Take(2).Select(time => time.Name));
        Assert.Equal([1, 2], chain.Rounds.Select(round => round.Machine!.Value / compared[0].Rounds[0].Seconds[0]));
        Assert.All(chain.Rounds, round => Assert.Equal(2, round.Seconds.Count));
        Assert.True(chain.OneThread);
        Assert.Equal("50.0 GFLOP/s", chain.Say(chain.Rounds[0].Seconds[0]));
    }

    /// <summary>Every chain at 50 GFLOP/s, the largest product at 100, and half of that in the second round.</summary>
    Findings Swept(int samples)
    {
        var largest = new SweepPoint(2048, 1, 2048);
        return experiment.Derive(
        [
            .. SweepPoint.All(ThisClone.Experiment("peak-sweep").Geometry).Select(point => new MeasuredPoint(
                "chain fp32", point.At(1), "seconds", [.. Enumerable.Repeat(point.Flops / 50e9, 2 * samples)])),
            new("largest product fp32", largest.At(1), "seconds", [largest.Flops / 100e9, largest.Flops / 50e9]),
            new("error against double precision", new SweepPoint(100, 4, 50).At(1), "relative", [3e-6]),
            new("empty operator", OneThread, "seconds", [1e-6, 1e-6]),
        ]);
    }

    [Fact]
    public void Threads_are_set_back_when_it_is_stopped()
    {
        var before = get_num_threads();
        using var stop = new CancellationTokenSource();
        stop.Cancel();

        Assert.Throws<OperationCanceledException>(() => experiment.Measure(new Silent(), stop.Token));
        Assert.Equal(before, get_num_threads());
    }

    sealed class Silent : IRunProgress
    {
        public void Report(string phase, double share, string detail)
        {
        }
    }
}
