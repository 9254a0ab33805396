using static System.FormattableString;

namespace MlPerfEdu.Roofline.Classify;

/// <summary>Each value's rule in words: thresholds from workloads.yaml, never a measured number.</summary>
public static class RegimeRules
{
    public const string WorkingSetQuantity = "unique bytes per step / last-level cache";
    public const string IntensityQuantity = "FLOP per byte / ridge";
    public const string DispatchQuantity = "utilisation";

    public static string QuantityOf(RegimeAxis axis) => axis switch
    {
        RegimeAxis.WorkingSet => WorkingSetQuantity,
        RegimeAxis.ArithmeticIntensity => IntensityQuantity,
        _ => DispatchQuantity,
    };

    public static string Of(RegimeAxis axis, RegimeValue value, RegimeThresholds thresholds)
    {
        var (workingSet, intensity, dispatch) = (thresholds.WorkingSet, thresholds.ArithmeticIntensity, thresholds.Dispatch);
        return value switch
        {
            RegimeValue.CacheResident => Invariant($"{WorkingSetQuantity} <= {workingSet.ResidentLlcFraction}"),
            RegimeValue.DramBound => Invariant($"{WorkingSetQuantity} >= {workingSet.DramLlcMultiple}"),
            RegimeValue.ComputeBound => Invariant($"{IntensityQuantity} > {intensity.HighRidgeMultiple}"),
            RegimeValue.BandwidthBound => Invariant($"{IntensityQuantity} < {intensity.LowRidgeMultiple}"),
            RegimeValue.DeviceSaturated => Invariant($"{DispatchQuantity} >= {dispatch.SaturatedFrom}"),
            RegimeValue.DispatchBound => Invariant(
                $"{DispatchQuantity} < {dispatch.DispatchBelow}, operator calls cost >= {dispatch.ExplainedShare} of the step and as much of it does not grow with the batch"),
            RegimeValue.KernelBound => Invariant(
                $"{DispatchQuantity} < {dispatch.DispatchBelow}, and operator calls or what does not grow with the batch are < {dispatch.ExplainedShare} of the step"),
            RegimeValue.GreyBand => $"{QuantityOf(axis)}: {Between(axis, thresholds)}",
            _ => $"{QuantityOf(axis)}: not measured",
        };
    }

    static string Between(RegimeAxis axis, RegimeThresholds thresholds)
    {
        var (workingSet, intensity, dispatch) = (thresholds.WorkingSet, thresholds.ArithmeticIntensity, thresholds.Dispatch);
        return axis switch
        {
            RegimeAxis.WorkingSet => Invariant($"not surely <= {workingSet.ResidentLlcFraction} or >= {workingSet.DramLlcMultiple}"),
            RegimeAxis.ArithmeticIntensity => Invariant($"not surely < {intensity.LowRidgeMultiple} or > {intensity.HighRidgeMultiple}"),
            _ => Invariant($"not surely < {dispatch.DispatchBelow} with an explanation or >= {dispatch.SaturatedFrom}"),
        };
    }
}
