using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Experiments;
using MlPerfEdu.Workloads.Running;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Machine.PeakSweep;

/// <summary>How near to its largest product a machine comes with chains of smaller ones, over their width, length and columns.</summary>
[Workload("peak-sweep")]
public sealed class PeakSweepExperiment(ExperimentSetup setup) : IExperiment
{
    readonly IReadOnlyList<SweepPoint> sweep = SweepPoint.All(setup.Geometry);

    public IReadOnlyList<MeasuredPoint> Measure(IRunProgress progress, CancellationToken stop)
    {
        var all = get_num_threads();
        var points = new List<MeasuredPoint>();
        int[] counts = all > 1 ? [1, all] : [1];
        random.manual_seed(1);
        using var weights = new SharedWeights();
        try
        {
            foreach (var (turn, threads) in counts.Index())
            {
                set_num_threads(threads);
                using var rounds = new SweepRounds(setup.Geometry, threads, sweep, weights);
                points.AddRange(rounds.Measure(
                    (share, detail) => progress.Report("products", (turn + share) / counts.Length, detail), stop));
            }
        }
        finally
        {
            set_num_threads(all);
        }

        return points;
    }

    public Findings Derive(IReadOnlyList<MeasuredPoint> points)
    {
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["largest_error"] = points.Where(point => point.Name == SweepPoints.Error).Max(point => point.Samples[0]),
        };
        SweepRun[] runs = [.. points.GroupBy(point => (int)point.At["threads"]).Select(group => new SweepRun(group.Key, [.. group]))];
        foreach (var run in runs)
        {
            var name = run.Threads == 1 ? "one_thread" : "all_threads";
            // All threads are never undisturbed for as long as a large product takes, where others have work to do.
            var roof = Math.Max(run.BestRate, run.Threads * runs.Where(other => other.Threads == 1).Max(other => other.BestRate));
            metrics[$"best_share_{name}"] = run.BestRates.Max() / roof;
            metrics[$"worst_share_{name}"] = run.BestRates.Min() / roof;
        }

        return new Findings(metrics, [.. runs.Select(SweepTables.Of), SeedPeaks.Table], SweepTables.Portable(sweep))
        {
            Drawings = SweepDrawings.Of(SweepPoint.Middle(setup.Geometry), runs),
            Compared = [.. runs.SelectMany(run => run.Compared())],
        };
    }
}
