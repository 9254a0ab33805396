using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Distributed;
using MlPerfEdu.Engine.Experiments;
using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Workloads.Cloud.MicroDlrmDistributed;

/// <summary>Trains micro-dlrm as several processes that exchange gradients, and holds them against one process.</summary>
[Workload("micro-dlrm-distributed")]
public sealed class MicroDlrmDistributedExperiment(ExperimentSetup setup) : IExperiment, IRankedExperiment
{
    readonly IReadOnlyList<int> sizes = setup.Geometry.Ints("ranks");

    public string? Unavailable =>
        OpenMpi.Find(Environment.GetEnvironmentVariable, out var missing) is null ? $"{missing} ({OpenMpi.HowToInstall})" : null;

    public IReadOnlyList<MeasuredPoint> Measure(IRunProgress progress, CancellationToken stop)
    {
        var mpi = OpenMpi.Find(Environment.GetEnvironmentVariable, out var missing) ?? throw DistributedErrors.NoOpenMpi(missing);
        var points = new List<MeasuredPoint>();
        foreach (var (index, size) in sizes.Index())
        {
            progress.Report("ranks", (double)index / sizes.Count, $"{size} processes");
            var threads = Math.Max(1, Environment.ProcessorCount / size);
            using var team = new RankTeam(
                mpi, GetType().Assembly.Location, size, threads, ["rank", setup.Entry.Id, "--attached", "--json"]);
            points.AddRange(RankAnswer.Parse(team.Finish(stop)).Points);
        }

        return points;
    }

    public IReadOnlyList<MeasuredPoint> MeasureRank(IProcessGroup group, int? steps, IRunProgress progress, CancellationToken stop) =>
        new RankMeasurement(setup.Geometry, group).Take(steps ?? setup.Geometry.Int("steps"), progress, stop);

    public Findings Derive(IReadOnlyList<MeasuredPoint> points) => new DistributedFindings(sizes, points).Findings();
}
