using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Distributed;

/// <summary>An experiment that runs as several processes, of which each measures its part.</summary>
public interface IRankedExperiment
{
    /// <param name="steps">Steps to take; those of the entry when absent.</param>
    IReadOnlyList<MeasuredPoint> MeasureRank(IProcessGroup group, int? steps, IRunProgress progress, CancellationToken stop);
}
