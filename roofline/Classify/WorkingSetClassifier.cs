using static System.FormattableString;

namespace MlPerfEdu.Roofline.Classify;

/// <summary>Does what one step touches fit the last-level cache?</summary>
public static class WorkingSetClassifier
{
    public static RegimeVerdict Classify(long uniqueBytes, Interval? lastLevelCache, RegimeThresholds thresholds)
    {
        if (uniqueBytes <= 0 || lastLevelCache is not { } cache)
            return Verdict(RegimeValue.Unmeasured, null, "the touched bytes or the last-level cache are not known");

        var ratio = uniqueBytes / cache;
        return Verdict(Value(ratio, thresholds.WorkingSet), ratio, Invariant(
            $"{uniqueBytes / 1e6:0.###} MB touched, last-level cache {cache.Low / 1e6:0.###} to {cache.High / 1e6:0.###} MB: ratio {ratio}"));

        // Neither the count nor the cache changes with more samples of the step.
        RegimeVerdict Verdict(RegimeValue value, Interval? measured, string because) => new(
            RegimeAxis.WorkingSet, value, RegimeRules.WorkingSetQuantity, measured, Decided: true,
            RegimeRules.Of(RegimeAxis.WorkingSet, value, thresholds), because);
    }

    static RegimeValue Value(Interval ratio, WorkingSetThresholds edges)
    {
        if (ratio.High <= edges.ResidentLlcFraction)
            return RegimeValue.CacheResident;
        return ratio.Low >= edges.DramLlcMultiple ? RegimeValue.DramBound : RegimeValue.GreyBand;
    }
}
