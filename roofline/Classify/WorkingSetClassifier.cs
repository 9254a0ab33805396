using System.Globalization;

namespace MlPerfEdu.Roofline.Classify;

/// <summary>Does what one step touches fit the last-level cache?</summary>
public static class WorkingSetClassifier
{
    const string Quantity = "unique bytes per step / last-level cache";

    public static RegimeVerdict Classify(long uniqueBytes, Interval? lastLevelCache, WorkingSetThresholds thresholds)
    {
        if (uniqueBytes <= 0 || lastLevelCache is not { } cache)
        {
            return new RegimeVerdict(
                RegimeAxis.WorkingSet, RegimeValue.Unmeasured, Quantity, null,
                "the touched bytes or the last-level cache are not known", "nothing to compare");
        }

        var ratio = uniqueBytes / cache;
        var (value, rule) = Decide(ratio, thresholds);
        var because = string.Create(
            CultureInfo.InvariantCulture,
            $"{uniqueBytes / 1e6:0.###} MB touched, last-level cache {cache.Low / 1e6:0.###} to {cache.High / 1e6:0.###} MB: ratio {ratio.Low:0.####} to {ratio.High:0.####}");
        return new RegimeVerdict(RegimeAxis.WorkingSet, value, Quantity, ratio, rule, because);
    }

    static (RegimeValue, string) Decide(Interval ratio, WorkingSetThresholds edges)
    {
        if (ratio.High <= edges.ResidentLlcFraction)
            return (RegimeValue.CacheResident, $"{Quantity} <= {edges.ResidentLlcFraction}");
        if (ratio.Low >= edges.DramLlcMultiple)
            return (RegimeValue.DramBound, $"{Quantity} >= {edges.DramLlcMultiple}");
        return (RegimeValue.GreyBand, $"not surely {Quantity} <= {edges.ResidentLlcFraction} or >= {edges.DramLlcMultiple}");
    }
}
