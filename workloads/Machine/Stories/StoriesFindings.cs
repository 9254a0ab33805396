using MlPerfEdu.Engine.Experiments;
using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Workloads.Machine.Stories;

/// <summary>Everything that follows from the points.</summary>
sealed class StoriesFindings(IReadOnlyList<StoriesSize> sizes, IReadOnlyList<StoriesSize> timed, IReadOnlyList<MeasuredPoint> points)
{
    readonly IReadOnlyList<StoriesRun> runs = [.. timed.Select(size => new StoriesRun(size, points))];

    StoriesRun Largest => runs[0];

    public Findings Findings()
    {
        var seed = SeedSteps.Accounting(Largest.Size);
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["parameters_110m"] = Largest.Parameters,
            ["seed_gflop"] = seed.Total / 1e9,
            ["seed_rate_error"] = SeedSteps.LargestRateError(seed),
            ["gflop"] = Largest.Count.Flops / 1e9,
            ["sum_error"] = runs.Max(run => run.SumError),
            ["unattributed_share"] = runs.Max(run => run.UnattributedShare),
            ["first_loss_error"] = runs.Max(run => run.FirstLossError),
            ["least_loss_fall"] = runs.Min(run => run.Losses[1] - run.Losses[^1]),
            ["gradient_difference_fp32"] = Value(StoriesPoints.GradientDifference32),
            ["gradient_difference_fp64"] = Value(StoriesPoints.GradientDifference64),
            ["share_of_peak"] = Largest.Count.Flops / Largest.MedianStep / Largest.PeakFlopsPerSecond,
        };
        // A system without a recorder cannot contradict the count.
        var recorded = points.SingleOrDefault(point => point.Name == StoriesPoints.RecordedDifferences);
        metrics["recorded_differences"] = recorded?.Samples[0] ?? 0;

        TitledTable[] portable =
        [
            StoriesTables.Sizes(sizes), StoriesTables.Accounting(seed, Largest.Count), SeedSteps.Rates(seed), SeedSteps.Breakdown(),
        ];
        var text = "stories110m-step\n" + string.Concat(portable.Select(table => $"\n{table.Title}\n\n{table.Table}"));
        return new Findings(
            metrics, [.. runs.SelectMany(run => new[] { StoriesTables.Parts(run), StoriesTables.Losses(run) }), .. portable], text)
        {
            Drawings = [StoriesDrawings.Steps(runs)],
            Compared = [.. runs.SelectMany(run => run.Compared())],
        };
    }

    double Value(string name) => points.Single(point => point.Name == name).Samples[0];
}
