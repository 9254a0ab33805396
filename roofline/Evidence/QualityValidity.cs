namespace MlPerfEdu.Roofline.Evidence;

/// <summary>The validity lines that follow from the target and its constraints.</summary>
public static class QualityValidity
{
    public static IReadOnlyList<ValidityLine> Lines(QualityRecord quality) =>
        [.. quality.Constraints.Prepend(quality.Target).Select(Line)];

    /// <summary>Lines that the sidecar lacks or states otherwise.</summary>
    public static IEnumerable<string> Contradictions(EvidenceRecord record) => Lines(record.Quality)
        .Where(line => !record.Validity.Contains(line))
        .Select(line => record.Validity.FirstOrDefault(stated => stated.Constraint == line.Constraint)?.ToString()
            ?? $"nothing about {line.Constraint}");

    static ValidityLine Line(QualityCheck check) => new($"quality {check.Metric}", check.Met, check.ToString());
}
