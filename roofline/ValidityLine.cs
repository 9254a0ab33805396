namespace MlPerfEdu.Roofline;

/// <summary>One constraint on a run: whether it is met, and why.</summary>
public sealed record ValidityLine(string Constraint, bool Met, string Reason)
{
    public override string ToString() => $"{Constraint}: {(Met ? "YES" : "NO")} ({Reason})";
}
