namespace MlPerfEdu.Generator;

/// <summary>The mistakes of one file. One method per mistake, each with its own code; build/README.md explains every code.</summary>
internal sealed partial class Problems(string file)
{
    // Past this, a list helps nobody; a binary file must not give a million errors.
    const int MostKept = 100;

    readonly HashSet<Diagnostic> seen = [];
    readonly List<Diagnostic> kept = [];
    int left;

    public bool Any => kept.Count > 0;

    /// <summary>Ordered by place, each once.</summary>
    public IReadOnlyList<Diagnostic> ToList()
    {
        List<Diagnostic> ordered = [.. kept.OrderBy(d => d.Line).ThenBy(d => d.Column).ThenBy(d => d.Code, StringComparer.Ordinal)];
        if (left > 0)
            ordered.Add(TooMany(ordered[^1].Line, left));
        return ordered;
    }

    /// <summary>Takes over what another pass over the same file found, without the lines that this pass had to blank out.</summary>
    public void Adopt(Problems other, IReadOnlySet<int> damagedLines)
    {
        foreach (var diagnostic in other.kept.Where(diagnostic => !damagedLines.Contains(diagnostic.Line)))
            Keep(diagnostic);
        left += other.left;
    }

    void Add(string code, Position at, string message) => Keep(new(code, file, at.Line, at.Column, message));

    void Keep(Diagnostic diagnostic)
    {
        if (!seen.Add(diagnostic))
            return;
        if (kept.Count < MostKept)
            kept.Add(diagnostic);
        else
            left++;
    }

    Diagnostic TooMany(int line, int count) => new("MLP0013", file, line, 1,
        $"Found {count} more mistakes, not listed. Expected at most {MostKept}. Correct the ones above and build again.");
}
