namespace MlPerfEdu.Roofline.Evidence;

/// <summary>A sidecar that cannot be trusted.</summary>
public sealed class EvidenceException : Exception
{
    public EvidenceException(string path, IReadOnlyList<EvidenceFinding> findings)
        : base($"{path} is not trustworthy:{Environment.NewLine}{string.Join(Environment.NewLine, findings)}")
    {
        Findings = findings;
    }

    public IReadOnlyList<EvidenceFinding> Findings { get; }
}
