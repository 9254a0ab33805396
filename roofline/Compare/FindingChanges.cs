using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Measure;

namespace MlPerfEdu.Roofline.Compare;

/// <param name="Findings">Null when the record answers another wording of its entry.</param>
sealed record FoundRun(ExperimentRecord Record, IReadOnlyList<Finding>? Findings)
{
    public bool Disturbed => Record.QueuedSeconds > SampleRound.MostQueued * Record.Seconds;

    public IEnumerable<T> Of<T>()
        where T : Finding => Findings!.OfType<T>();
}

/// <summary>What an experiment finds now, and found before.</summary>
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
        {
            return [new(Subject, ChangeKind.Unclear,
                $"not compared: {reworded} answered another wording of the entry than workloads.yaml has now; measure again")];
        }

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
