using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Experiments;

/// <summary>A question to the machine. Only points are measured; whatever is said about them follows from them, now and when they are verified.</summary>
public interface IExperiment
{
    /// <summary>Why nothing can be measured here; absent when it can.</summary>
    string? Unavailable => null;

    IReadOnlyList<MeasuredPoint> Measure(IRunProgress progress, CancellationToken stop);

    /// <summary>A pure function of the points and of the entry's geometry.</summary>
    Findings Derive(IReadOnlyList<MeasuredPoint> points);
}
