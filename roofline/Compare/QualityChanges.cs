using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Roofline.Compare;

/// <summary>Met or missed is what counts; a value that moves on its own side of the limit is no verdict.</summary>
static class QualityChanges
{
    public static IEnumerable<Change> Of(EvidenceRecord before, EvidenceRecord after, Circumstances circumstances)
    {
        if (circumstances.QualityDiffersBecause is { } why)
            return [new("quality", after.Quality.Met ? ChangeKind.Unclear : ChangeKind.Worse,
                $"{after.Quality.Target}; not compared: {why}")];
        return
        [
            .. Of(Checks(before), Checks(after)),
            .. Validity(before, after),
        ];
    }

    /// <summary>A metric may have a bound on either side.</summary>
    public static IEnumerable<Change> Of(IReadOnlyList<QualityCheck> before, IReadOnlyList<QualityCheck> after) => after.Select(now => Of(
        before.FirstOrDefault(was => was.Metric == now.Metric && was.Bound == now.Bound)
            ?? before.FirstOrDefault(was => was.Metric == now.Metric),
        now));

    static Change Of(QualityCheck? before, QualityCheck now)
    {
        if (before is null)
            return new(now.Metric, now.Met ? ChangeKind.Different : ChangeKind.Worse, $"was not asked for; now {now}");
        var limit = $"{(now.Bound == QualityBound.AtLeast ? "at least" : "at most")} {QualityCheck.Text(now.Limit)}";
        if (before.Limit != now.Limit || before.Bound != now.Bound)
            limit += $" instead of {(before.Bound == QualityBound.AtLeast ? "at least" : "at most")} {QualityCheck.Text(before.Limit)}";
        var values = before.Value.Equals(now.Value)
            ? $"{QualityCheck.Text(now.Value)}, unchanged"
            : $"{QualityCheck.Text(before.Value)} → {QualityCheck.Text(now.Value)}";
        return (before.Met, now.Met) switch
        {
            (true, false) => new(now.Metric, ChangeKind.Worse, $"{values}: now misses {limit}"),
            (false, true) => new(now.Metric, ChangeKind.Better, $"{values}: now meets {limit}"),
            (true, true) => new(now.Metric, ChangeKind.Same, $"{values}: meets {limit}"),
            _ => new(now.Metric, ChangeKind.Same, $"{values}: misses {limit} in both"),
        };
    }

    static IEnumerable<Change> Validity(EvidenceRecord before, EvidenceRecord after)
    {
        var quality = QualityValidity.Lines(after.Quality).Select(line => line.Constraint).ToHashSet();
        return from now in after.Validity
            where !quality.Contains(now.Constraint)
            let was = before.Validity.FirstOrDefault(line => line.Constraint == now.Constraint)
            where (was?.Met ?? true) != now.Met
            select new Change(now.Constraint, now.Met ? ChangeKind.Better : ChangeKind.Worse,
                $"{(now.Met ? "now holds" : "no longer holds")}: {now.Reason}");
    }

    static IReadOnlyList<QualityCheck> Checks(EvidenceRecord record) => [record.Quality.Target, .. record.Quality.Constraints];
}
