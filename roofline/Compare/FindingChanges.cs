using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Measure;
using MlPerfEdu.Roofline.Report;

namespace MlPerfEdu.Roofline.Compare;

/// <param name="Findings">Null when the record answers another wording of its entry.</param>
sealed record FoundRun(ExperimentRecord Record, IReadOnlyList<Finding>? Findings)
{
    public bool Disturbed => Record.QueuedSeconds > SampleRound.MostQueued * Record.Seconds;

    public IEnumerable<T> Of<T>()
        where T : Finding => Findings!.OfType<T>();
}

/// <summary>The findings of an experiment, compared with those of an earlier run.</summary>
static class FindingChanges
{
    const string Subject = "findings";

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
            return [new(Subject, ChangeKind.Unclear,
                $"not compared: {reworded} answered another wording of the entry than workloads.yaml has now; measure again")];

        var known = KnownChanges.Of([.. before.Of<KnownFinding>()], [.. after.Of<KnownFinding>()]);
        var measured = before.Findings!.Concat(after.Findings!).Any(finding => finding is not KnownFinding);
        if (whyNotTimes is not null)
            return measured ? known.Append(new(Subject, ChangeKind.Unclear, $"times and knees are not compared: {whyNotTimes}")) : known;
        return [.. known, .. KneeChanges.Of([.. before.Of<KneeFinding>()], [.. after.Of<KneeFinding>()]), .. Times(before, after)];
    }

    static IEnumerable<Change> Times(FoundRun before, FoundRun after)
    {
        var now = after.Of<TimeFinding>().ToDictionary(time => time.Name);
        foreach (var was in before.Of<TimeFinding>())
        {
            if (!now.Remove(was.Name, out var found))
            {
                yield return new(was.Name, ChangeKind.Different, "only before");
                continue;
            }

            var (first, second) = (StepSpeed.Of(was, before.Disturbed), StepSpeed.Of(found, after.Disturbed));
            var both = $"{was.Say(first.Typical)} → {found.Say(second.Typical)}";
            yield return StepTimeText.Of(was.Name, both, StepTimeComparison.Of(first, second)) with { Group = "times" };
        }

        foreach (var added in now.Values)
            yield return new(added.Name, ChangeKind.Different, "only after");
    }
}

/// <summary>A knee is known up to a range; only ranges that have nothing in common are two knees.</summary>
static class KneeChanges
{
    public static IEnumerable<Change> Of(IReadOnlyList<KneeFinding> before, IReadOnlyList<KneeFinding> after)
    {
        var (gone, added) = (Without(before, after), Without(after, before));
        foreach (var knee in before.Except(gone))
        {
            var met = after.First(other => Meets(other, knee));
            yield return new(knee.Name, ChangeKind.Same, $"{Said(knee)} → {Said(met)}: no change beyond noise");
        }

        foreach (var was in gone)
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

    static List<KneeFinding> Without(IReadOnlyList<KneeFinding> knees, IReadOnlyList<KneeFinding> others) =>
        [.. knees.Where(knee => !others.Any(other => Meets(other, knee)))];

    static bool Meets(KneeFinding one, KneeFinding other) => one.Range.Low <= other.Range.High && other.Range.Low <= one.Range.High;

    static double Middle(Interval range) => Math.Sqrt(range.Low * range.High);

    static string Said(KneeFinding knee) => $"{Units.Binary(knee.Range.Low)} to {Units.Binary(knee.Range.High)}";
}

/// <summary>What is known holds or flips. An error is one number without a spread: another value is reported, and only its verdict counts.</summary>
static class KnownChanges
{
    public static IEnumerable<Change> Of(IReadOnlyList<KnownFinding> before, IReadOnlyList<KnownFinding> after)
    {
        var now = after.ToDictionary(known => known.Name);
        foreach (var was in before)
            yield return now.Remove(was.Name, out var found) ? Of(was, found) : new(was.Name, ChangeKind.Different, "only before");
        foreach (var added in now.Values)
            yield return new(added.Name, added.AsExpected ? ChangeKind.Different : ChangeKind.Worse, $"only after: {added.Found}");
    }

    static Change Of(KnownFinding was, KnownFinding now)
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
}

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
public sealed record KneeFinding(string Name, Interval Range, bool Steady) : Finding(Name);

/// <summary>Whether something that is known still is as expected.</summary>
/// <param name="Found">The number that decides, and its limit.</param>
public sealed record KnownFinding(string Name, bool AsExpected, double Error, string Found) : Finding(Name);
