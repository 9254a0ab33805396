namespace MlPerfEdu.Roofline.Evidence;

/// <param name="Code">Stable; listed in roofline/README.md.</param>
/// <param name="Message">What was found, what was expected, what to do.</param>
public sealed record EvidenceFinding(string Code, string Message)
{
    public override string ToString() => $"{Code}: {Message}";
}
