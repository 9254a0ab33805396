using MlPerfEdu.Roofline.Report;

namespace MlPerfEdu.Roofline.Compare;

/// <summary>The changes from one run of a workload to another, part by part of the sidecar.</summary>
static class EvidenceChanges
{
    static readonly (string Name, Func<StepCount, long> Value)[] Quantities =
    [
        ("batch", count => count.Batch),
        ("parameters", count => count.Parameters),
        ("FLOP per step", count => count.Flops),
        ("elementwise FLOP per step", count => count.ElementwiseFlops),
        ("optimizer FLOP per step", count => count.OptimizerFlops),
        ("bytes per step", count => count.Bytes),
        ("unique bytes per step", count => count.UniqueBytes),
        ("operator calls per step", count => count.OperatorCalls),
    ];

    /// <summary>Counts are exact: a single FLOP is a change.</summary>
    public static IEnumerable<Change> Counts(StepCount before, StepCount after)
    {
        var sums = Quantities.Where(quantity => quantity.Value(before) != quantity.Value(after)).Select(quantity =>
        {
            var (was, now) = (quantity.Value(before), quantity.Value(after));
            var ratio = was == 0 ? "" : $" ({Units.Ratio((double)now / was)})";
            return new Change(quantity.Name, ChangeKind.Different, $"{Units.Count(was)} → {Units.Count(now)}{ratio}");
        }).ToArray();
        if (sums.Length > 0)
            return sums;
        return [LayerTable.Render(before) != LayerTable.Render(after)
            ? new Change("counts", ChangeKind.Different, "the sums are equal, the rows of the layers are not: compare the layer tables of `show`")
            : new Change("counts", ChangeKind.Same,
                $"{Units.Count(after.Flops)} FLOP, {Units.Count(after.Bytes)} B, {Units.Count(after.OperatorCalls)} calls per step")];
    }

    /// <summary>Two runs with everything in common have the same losses, or answers, to the last bit.</summary>
    public static Change Trajectory(EvidenceRecord before, EvidenceRecord after, Circumstances circumstances)
    {
        var subject = after.Serving is null ? "losses" : "answers";
        if (before.TrajectorySha256 == after.TrajectorySha256)
            return new(subject, ChangeKind.Same, "bit for bit the same");
        if (circumstances.LossesMayDifferBecause is { } why)
            return new(subject, ChangeKind.Different, $"not the same, as is to be expected with {why}");
        return new(subject, ChangeKind.Worse,
            "not the same, although machine, libraries, data, settings and seed are: the computation changed, "
            + "or it is no longer deterministic. "
            + "Run it twice to tell the two apart; if the change is intended, say so in the pull request.");
    }

    /// <summary>Met or missed is what counts; a value that moves on its own side of the limit is no verdict.</summary>
    public static IEnumerable<Change> Quality(EvidenceRecord before, EvidenceRecord after, Circumstances circumstances)
    {
        if (circumstances.QualityDiffersBecause is { } why)
            return [new("quality", after.Quality.Met ? ChangeKind.Unclear : ChangeKind.Worse, $"{after.Quality.Target}; not compared: {why}")];
        var checks = QualityValidity.Lines(after.Quality).Select(line => line.Constraint).ToHashSet();
        var validity = from now in after.Validity
            where !checks.Contains(now.Constraint)
            let was = before.Validity.FirstOrDefault(line => line.Constraint == now.Constraint)
            where (was?.Met ?? true) != now.Met
            select new Change(now.Constraint, now.Met ? ChangeKind.Better : ChangeKind.Worse,
                $"{(now.Met ? "now holds" : was is null ? "not checked before, and does not hold" : "no longer holds")}: {now.Reason}");
        var gone = from was in before.Validity
            where !was.Constraint.StartsWith("quality ", StringComparison.Ordinal) && after.Validity.All(line => line.Constraint != was.Constraint)
            select new Change(was.Constraint, ChangeKind.Different, $"checked before only: {was.Reason}");
        return [.. Quality(before.Quality.Checks, after.Quality.Checks), .. validity, .. gone];
    }

    /// <summary>A metric may have a bound on either side.</summary>
    public static IEnumerable<Change> Quality(IReadOnlyList<QualityCheck> before, IReadOnlyList<QualityCheck> after) =>
    [
        .. after.Select(now => Check(
            before.FirstOrDefault(was => was.Metric == now.Metric && was.Bound == now.Bound)
                ?? before.FirstOrDefault(was => was.Metric == now.Metric),
            now)),
        .. before.Where(was => after.All(now => now.Metric != was.Metric))
            .Select(was => new Change(was.Metric, ChangeKind.Different, $"required before only: {was}")),
    ];

    /// <summary>Which of the two runs did not measure something.</summary>
    public static string Lacking(string both, bool before, bool after) =>
        before && after ? "measured in neither run" : $"{both}: the run {(before ? "before" : "after")} did not measure it";

    static Change Check(QualityCheck? before, QualityCheck now)
    {
        if (before is null)
            return new(now.Metric, now.Met ? ChangeKind.Different : ChangeKind.Worse, $"not required before; now {now}");
        var limit = $"{now.Bound.Words()} {QualityCheck.Text(now.Limit)}";
        if (before.Limit != now.Limit || before.Bound != now.Bound)
            limit += $" instead of {before.Bound.Words()} {QualityCheck.Text(before.Limit)}";
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

    /// <summary>The three verdicts, by the same rule as the regime tests: noise is never a change.</summary>
    public static IEnumerable<Change> Regimes(EvidenceRecord before, EvidenceRecord after, Circumstances circumstances) =>
        after.Regimes.All.Select(now =>
        {
            var (subject, both) = (now.Axis.Name(), $"{before.Regimes[now.Axis].Value.Name()} → {now.Value.Name()}");
            if (circumstances.RegimesDifferBecause is { } why)
                return new Change(subject, ChangeKind.Unclear, $"{both}; not compared: {why}");
            var (lacksBefore, lacksAfter) = (before.Regimes[now.Axis].Value == RegimeValue.Unmeasured, now.Value == RegimeValue.Unmeasured);
            if (lacksBefore || lacksAfter)
                return new Change(subject, ChangeKind.Unclear, Lacking(both, lacksBefore, lacksAfter));
            var comparison = RegimeBaseline.Compare(before, after, now.Axis);
            return comparison.Outcome switch
            {
                RegimeOutcome.Kept => new(subject, ChangeKind.Same, now.Value.Name()),
                // A regime is a claim of workloads.yaml: a reviewer has to look at one that no longer holds.
                // Only a machine that is used better needs no explanation.
                RegimeOutcome.Changed => new(subject, now.Value == RegimeValue.DeviceSaturated ? ChangeKind.Better : ChangeKind.Worse,
                    $"{both}: {now.Rule}; {now.Because}. Find what changed, or accept it as the new baseline."),
                // The message begins with the axis, as the line does.
                _ => new(subject, ChangeKind.Unclear, comparison.Message[$"{subject}: ".Length..]),
            };
        });
}

/// <summary>The cost of a run. Memory and time to target are one sample each: only a clear change counts, and load can double the time.</summary>
static class CostChanges
{
    /// <summary>Resident memory of identical runs lies within this factor.</summary>
    const double MemoryNoise = 1.15;

    /// <summary>A time that was taken once, next to any other load, is not known better than this.</summary>
    const double SingleTimeNoise = 1.5;

    const string Memory = "peak memory";
    const string ToTarget = "time to target";

    public static IEnumerable<Change> Of(EvidenceRecord before, EvidenceRecord after, Circumstances circumstances)
    {
        var why = circumstances.TimesDifferBecause;
        var both = $"{StepTimeComparison.Typical(before)} → {StepTimeComparison.Typical(after)}";
        var (lacksBefore, lacksAfter) = (before.Measurement.StepSeconds.Count == 0, after.Measurement.StepSeconds.Count == 0);
        yield return lacksBefore || lacksAfter
            ? new("step time", ChangeKind.Unclear, EvidenceChanges.Lacking(both, lacksBefore, lacksAfter))
            : why is null
            ? StepTimeComparison.Of(before, after).AsChange("step time", both)
            : new("step time", ChangeKind.Unclear, $"{both}; not compared: {why}");
        var other = why ?? circumstances.QualityDiffersBecause;
        yield return PeakMemory(before.Cost.PeakMemoryBytes, after.Cost.PeakMemoryBytes, other);
        if (after.Serving is null)
            yield return Seconds(before.Cost.TimeToTargetSeconds, after.Cost.TimeToTargetSeconds, other);
    }

    /// <param name="why">The two cannot be compared; absent when they can.</param>
    public static Change PeakMemory(long before, long after, string? why)
    {
        if (before == 0 || after == 0)
            return new(Memory, ChangeKind.Unclear, (before, after) is (0, 0) ? "known of neither run" : $"not known of the run {(before == 0 ? "before" : "after")}");
        var (both, ratio) = ($"{Units.Si(before, "B")} → {Units.Si(after, "B")}", (double)after / before);
        if (why is not null)
            return new(Memory, ChangeKind.Unclear, $"{both}; not compared: {why}");
        return ratio switch
        {
            > MemoryNoise => new(Memory, ChangeKind.Worse, $"{both}: more by {Units.Ratio(ratio)}"),
            < 1 / MemoryNoise => new(Memory, ChangeKind.Better, $"{both}: less by {Units.Ratio(1 / ratio)}"),
            _ => new(Memory, ChangeKind.Same, $"{both}: no change beyond noise ({MemoryNoise:0.0#}x)"),
        };
    }

    static Change Seconds(double? before, double? after, string? why)
    {
        var both = $"{Met(before)} → {Met(after)}";
        if (why is not null)
            return new(ToTarget, ChangeKind.Unclear, $"{both}; not compared: {why}");
        return (before, after) switch
        {
            ({ } was, { } now) when now / was is <= SingleTimeNoise and >= 1 / SingleTimeNoise =>
                new(ToTarget, ChangeKind.Same, $"{both}: one sample each, no change beyond {SingleTimeNoise:0.0#}x"),
            ({ }, { }) => new(ToTarget, ChangeKind.Unclear,
                $"{both}: one sample each, and any other program makes it longer; run again to see"),
            ({ }, null) => new(ToTarget, ChangeKind.Worse, both),
            (null, { }) => new(ToTarget, ChangeKind.Better, both),
            _ => new(ToTarget, ChangeKind.Same, both),
        };
    }

    static string Met(double? seconds) => seconds is { } time ? Units.Seconds(time) : "never met";
}
