namespace MlPerfEdu.Zoo;

/// <summary>Where some values of an entry come from.</summary>
public sealed record Source(IReadOnlyList<string> Of, string From);
