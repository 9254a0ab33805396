using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Report;

namespace MlPerfEdu.Roofline.Compare;

/// <summary>What a run cost. Memory and time to target are one sample each, so only a clear change of them counts.</summary>
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
        yield return Bytes(before.Cost.PeakMemoryBytes, after.Cost.PeakMemoryBytes, why);
        yield return Seconds(before.Cost.TimeToTargetSeconds, after.Cost.TimeToTargetSeconds, circumstances.QualityDiffersBecause ?? why);
    }

    static Change Bytes(long before, long after, string? why)
    {
        if (before == 0 || after == 0)
            return new(Memory, ChangeKind.Unclear, "not known of both runs");
        return Ratio(Memory, (double)after / before, MemoryNoise, $"{Units.Si(before, "B")} → {Units.Si(after, "B")}", why, "more", "less");
    }

    static Change Seconds(double? before, double? after, string? why) => (before, after) switch
    {
        ({ } was, { } now) =>
            Ratio(ToTarget, now / was, SingleTimeNoise, $"{Units.Seconds(was)} → {Units.Seconds(now)}", why, "longer", "shorter"),
        ({ } was, null) when why is null => new(ToTarget, ChangeKind.Worse, $"{Units.Seconds(was)} → never met"),
        (null, { } now) when why is null => new(ToTarget, ChangeKind.Better, $"never met → {Units.Seconds(now)}"),
        _ => new(ToTarget, ChangeKind.Unclear, $"{Met(before)} → {Met(after)}{(why is null ? "" : $"; not compared: {why}")}"),
    };

    static Change Ratio(string subject, double ratio, double noise, string both, string? why, string more, string less)
    {
        if (why is not null)
            return new(subject, ChangeKind.Unclear, $"{both}; not compared: {why}");
        if (ratio <= noise && ratio >= 1 / noise)
            return new(subject, ChangeKind.Same,
                $"{both}: no change beyond noise (one sample each, a factor below {noise:0.0#} says nothing)");
        return ratio > 1
            ? new(subject, ChangeKind.Worse, $"{both}: {more} by {Units.Ratio(ratio)}")
            : new(subject, ChangeKind.Better, $"{both}: {less} by {Units.Ratio(1 / ratio)}");
    }

    static string Met(double? seconds) => seconds is { } time ? Units.Seconds(time) : "never met";
}
