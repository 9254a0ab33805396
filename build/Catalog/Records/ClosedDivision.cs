namespace MlPerfEdu.Generator;

/// <summary>The seed's own recipe, of an entry that is trained by a faster one.</summary>
/// <param name="Recipe">The entry's recipe with what the seed has otherwise.</param>
/// <param name="Reference">What it reached on the entry's first data set.</param>
public sealed record ClosedDivision(Recipe Recipe, Reference? Reference);
