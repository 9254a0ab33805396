namespace MlPerfEdu.Roofline.Evidence;

/// <summary>What the sidecars of workloads and of experiments have in common.</summary>
public interface IRunRecord
{
    WorkloadIdentity Subject { get; }

    string MeasuredAt { get; }

    IReadOnlyDictionary<string, string> Settings { get; }

    IReadOnlyDictionary<string, string> Versions { get; }

    SourceState Source { get; }

    MachineRecord Machine { get; }

    string ContentSha256 { get; }
}
