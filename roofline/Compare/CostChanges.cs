using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Report;

namespace MlPerfEdu.Roofline.Compare;

/// <summary>What a run cost. Memory and time to target are one sample each: only a clear change counts, and of the time, load alone can double it.</summary>
static class CostChanges
{
    /// <summary>Resident memory of identical runs lies within this factor.</summary>
    const double MemoryNoise = 1.15;

    /// <summary>A time that was taken once, beside whatever else ran, is not known better than this.</summary>
    const double SingleTimeNoise = 1.5;

    const string Memory = "peak memory";
    const string ToTarget = "time to target";

    public static IEnumerable<Change> Of(EvidenceRecord before, EvidenceRecord after, Circumstances circumstances)
    {
        var why = circumstances.TimesDifferBecause;
        yield return why is null
            ? StepTimeText.Of(before, after)
            : new("step time", ChangeKind.Unclear,
                $"{StepTimeComparison.Typical(before)} → {StepTimeComparison.Typical(after)}; not compared: {why}");
        var other = why ?? circumstances.QualityDiffersBecause;
        yield return PeakMemory(before.Cost.PeakMemoryBytes, after.Cost.PeakMemoryBytes, other);
        if (after.Serving is null)
            yield return Seconds(before.Cost.TimeToTargetSeconds, after.Cost.TimeToTargetSeconds, other);
    }

    /// <param name="why">The two cannot be compared; absent when they can.</param>
    public static Change PeakMemory(long before, long after, string? why)
    {
        if (before == 0 || after == 0)
            return new(Memory, ChangeKind.Unclear, "not known of both runs");
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
