using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Workloads.Running;

/// <summary>What a run found, and where it was written.</summary>
/// <param name="PassedOver">Data sets that would have been preferred, and why they were not used.</param>
public sealed record RunOutcome(EvidenceRecord Evidence, string SidecarPath, IReadOnlyList<string> PassedOver)
{
    /// <summary>Every constraint holds. Whether a regime is the expected one is asked apart.</summary>
    public bool Passed => Evidence.Validity.All(line => line.Met);
}
