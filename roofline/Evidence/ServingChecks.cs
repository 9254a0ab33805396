using MlPerfEdu.Roofline.Load;

namespace MlPerfEdu.Roofline.Evidence;

/// <summary>Do the figures and validity of a run under load follow from the times of its answers?</summary>
static class ServingChecks
{
    public static IEnumerable<EvidenceFinding> Run(string path, EvidenceRecord record)
    {
        if (record.Serving is not { } serving)
            yield break;
        if (!serving.IsWhole)
        {
            yield return EvidenceFindings.Figure(path, "answers with times and a percentile between 0 and 1", "none");
            yield break;
        }

        var stated = record.Quality.Metrics;
        foreach (var (name, value) in LoadFigures.Of(serving.Load, serving.Answers))
        {
            if (stated.GetValueOrDefault(name, double.NaN) != value)
                yield return EvidenceFindings.Figure(path, Text(name, stated.GetValueOrDefault(name, double.NaN)), Text(name, value));
        }

        foreach (var line in LoadValidity.Lines(serving.Load, serving.Answers).Except(record.Validity))
            yield return EvidenceFindings.Figure(path, Stated(record, line), line.ToString());
        foreach (var check in record.Quality.Constraints.Prepend(record.Quality.Target))
        {
            if (stated.GetValueOrDefault(check.Metric, double.NaN) != check.Value)
                yield return EvidenceFindings.Validity(path, check.ToString());
        }
    }

    static string Stated(EvidenceRecord record, ValidityLine line) =>
        record.Validity.FirstOrDefault(stated => stated.Constraint == line.Constraint)?.ToString() ?? $"nothing about {line.Constraint}";

    static string Text(string name, double value) => FormattableString.Invariant($"{name} {value}");
}
