namespace MlPerfEdu.Roofline.Evidence;

/// <param name="Commit">Full commit id, or "unknown" outside a clone.</param>
/// <param name="Dirty">Whether tracked files differed from it; absent when that could not be found out.</param>
public sealed record SourceState(string Commit, bool? Dirty)
{
    public static SourceState Unknown { get; } = new("unknown", null);
}
