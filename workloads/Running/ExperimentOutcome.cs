using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Experiments;

namespace MlPerfEdu.Workloads.Running;

/// <summary>What an experiment found, and where it was written.</summary>
public sealed record ExperimentOutcome(ExperimentRecord Evidence, Findings Findings, string SidecarPath)
{
    public bool Passed => Evidence.Checks.All(check => check.Met);
}
