namespace MlPerfEdu.Roofline.Compare;

/// <summary>A conclusion from an experiment's points that can be compared with the same conclusion of another run.</summary>
public abstract record Finding(string Name);

/// <summary>How long something took, in the order of the rounds.</summary>
/// <param name="OneThread">Whether one thread did it: of several the slowest decides, so that load slows all rounds down.</param>
/// <param name="Say">Writes a time as readers know it: as a rate, where that is usual.</param>
public sealed record TimeFinding(string Name, IReadOnlyList<TimedRound> Rounds, bool OneThread, Func<double, string> Say) : Finding(Name);

/// <param name="Machine">How long a calibration next to it took; absent where there was none.</param>
public sealed record TimedRound(IReadOnlyList<double> Seconds, double? Machine = null);

/// <summary>Where streaming slows down.</summary>
/// <param name="Range">Between the largest set that still fits and the smallest that does not, in any part of the repeats.</param>
/// <param name="Steady">Whether every part of the repeats has it.</param>
public sealed record KneeFinding(string Name, Interval Range, bool Steady) : Finding(Name)
{
    internal bool Meets(KneeFinding other) => Range.Low <= other.Range.High && other.Range.Low <= Range.High;
}

/// <summary>Whether something that is known still is as expected.</summary>
/// <param name="Found">The number that decides, and its limit.</param>
public sealed record KnownFinding(string Name, bool AsExpected, double Error, string Found) : Finding(Name);

/// <param name="Findings">Null when the run had another wording of its entry.</param>
sealed record FoundRun(ExperimentRecord Record, IReadOnlyList<Finding>? Findings)
{
    public bool Disturbed => Record.QueuedSeconds > SampleRound.MostQueued * Record.Seconds;

    public IReadOnlyList<T> Of<T>()
        where T : Finding => [.. Findings!.OfType<T>()];
}

static class FindingChanges
{
    /// <param name="whyNotTimes">Times of the two runs cannot be compared; absent when they can.</param>
    public static IEnumerable<Change> Of(FoundRun before, FoundRun after, string? whyNotTimes)
    {
        var reworded = (before.Findings, after.Findings) switch
        {
            (null, null) => "both runs",
            (null, _) => "the run before",
            (_, null) => "the run after",
            _ => null,
        };
        if (reworded is not null)
            return [NotCompared($"not compared: {reworded} had another wording of the entry than workloads.yaml has now; measure again")];

        var known = ByName<KnownFinding>(before, after, Known, added =>
            new(added.Name, added.AsExpected ? ChangeKind.Different : ChangeKind.Worse, $"only after: {added.Found}"));
        var measured = before.Findings!.Concat(after.Findings!).Any(finding => finding is not KnownFinding);
        if (whyNotTimes is not null)
            return measured ? known.Append(NotCompared($"times and knees are not compared: {whyNotTimes}")) : known;
        var times = ByName<TimeFinding>(before, after, Time, added => new(added.Name, ChangeKind.Different, "only after"));
        return [.. known, .. Knees(before.Of<KneeFinding>(), after.Of<KneeFinding>()), .. times];

        Change Time(TimeFinding was, TimeFinding now)
        {
            var (first, second) = (StepSpeed.Of(was, before.Disturbed), StepSpeed.Of(now, after.Disturbed));
            var both = $"{was.Say(first.Typical)} → {now.Say(second.Typical)}";
            return StepTimeComparison.Of(first, second).AsChange(was.Name, both) with { Group = "times" };
        }
    }

    static Change NotCompared(string why) => new("findings", ChangeKind.Unclear, why);

    static IEnumerable<Change> ByName<T>(FoundRun before, FoundRun after, Func<T, T, Change> compare, Func<T, Change> alone)
        where T : Finding
    {
        var now = after.Of<T>().ToDictionary(finding => finding.Name);
        foreach (var was in before.Of<T>())
            yield return now.Remove(was.Name, out var same) ? compare(was, same) : new(was.Name, ChangeKind.Different, "only before");
        foreach (var added in now.Values)
            yield return alone(added);
    }

    // An error is one number without a spread: another value is reported, and only its verdict counts.
    static Change Known(KnownFinding was, KnownFinding now)
    {
        var both = $"{was.Found} → {now.Found}";
        return (was.AsExpected, now.AsExpected) switch
        {
            (true, false) => new(now.Name, ChangeKind.Worse, $"{both}: flipped"),
            (false, true) => new(now.Name, ChangeKind.Better, $"{both}: as expected again"),
            _ when was.Error.Equals(now.Error) => new(now.Name, ChangeKind.Same, now.Found) { Group = "known results" },
            _ => new(now.Name, ChangeKind.Different, $"{both}: one number each, so no spread is known; the verdict is the same"),
        };
    }

    // A knee is known up to a range; only ranges that have nothing in common are two knees.
    static IEnumerable<Change> Knees(IReadOnlyList<KneeFinding> before, IReadOnlyList<KneeFinding> after)
    {
        var added = after.Where(knee => !before.Any(knee.Meets)).ToList();
        foreach (var knee in before)
        {
            if (after.FirstOrDefault(knee.Meets) is { } met)
                yield return new(knee.Name, ChangeKind.Same, $"{Said(knee)} → {Said(met)}: no change beyond noise");
        }

        foreach (var was in before.Where(knee => !after.Any(knee.Meets)))
        {
            var now = added.FirstOrDefault(knee => knee.Name == was.Name);
            if (now is not null)
                added.Remove(now);
            yield return now is null ? Alone(was, "before") : Moved(was, now);
        }

        foreach (var now in added)
            yield return Alone(now, "after");
    }

    static Change Moved(KneeFinding was, KneeFinding now)
    {
        var both = $"{Said(was)} → {Said(now)}";
        if (!was.Steady || !now.Steady)
            return new(was.Name, ChangeKind.Unclear, $"{both}: not every part of the repeats has it; measure both again");
        var ratio = Middle(now.Range) / Middle(was.Range);
        var (kind, ends) = ratio < 1 ? (ChangeKind.Worse, "ends earlier") : (ChangeKind.Better, "ends later");
        return new(was.Name, kind, $"{both}: {ends}, at {Units.Ratio(ratio)} of the size, and the ranges have nothing in common");
    }

    static Change Alone(KneeFinding knee, string side) => knee.Steady
        ? new(knee.Name, ChangeKind.Unclear, $"only {side}, at {Said(knee)}, in every part of the repeats: look at both with `plot`")
        : new(knee.Name, ChangeKind.Same, $"only {side}, at {Said(knee)}, and not in every part of the repeats: no change beyond noise");

    static double Middle(Interval range) => Math.Sqrt(range.Low * range.High);
    static string Said(KneeFinding knee) => $"{Units.Binary(knee.Range.Low)} to {Units.Binary(knee.Range.High)}";
}
