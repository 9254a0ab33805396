using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Experiments;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Machine.KnownResults;

/// <summary>Does what is known still hold?</summary>
[Workload("known-results")]
public sealed class KnownResultsExperiment(ExperimentSetup setup) : IExperiment
{
    public IReadOnlyList<MeasuredPoint> Measure(IRunProgress progress, CancellationToken stop)
    {
        var sizes = CheckSizes.Of(setup.Geometry);
        var points = new List<MeasuredPoint>();
        foreach (var (index, known) in KnownResultsTable.All.Index())
        {
            stop.ThrowIfCancellationRequested();
            progress.Report("checks", (double)index / KnownResultsTable.All.Count, known.Name);
            points.AddRange(known.Measure(sizes, known.Name));
        }

        return points;
    }

    public Findings Derive(IReadOnlyList<MeasuredPoint> points) => KnownResultsFindings.Of(KnownResultsTable.All, points);
}
