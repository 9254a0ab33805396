namespace MlPerfEdu.Roofline.Evidence;

public sealed record ValidityLine(string Constraint, bool Met, string Reason)
{
    public override string ToString() => $"{Constraint}: {(Met ? "YES" : "NO")} ({Reason})";
}
