namespace MlPerfEdu.Roofline.Classify;

/// <summary>The rule of each value in words: thresholds from workloads.yaml, never a measured number.</summary>
public static class RegimeRules
{
    /// <summary>Whether the whole measured interval lies outside the grey band by more than this factor.</summary>
    public static bool IsClearOfGrey(this RegimeThresholds thresholds, RegimeVerdict measured, double factor)
    {
        if (measured.Measured is not { } interval)
            return false;
        var (low, high) = measured.Axis switch
        {
            RegimeAxis.WorkingSet => (thresholds.WorkingSet.ResidentLlcFraction, thresholds.WorkingSet.DramLlcMultiple),
            RegimeAxis.ArithmeticIntensity => (thresholds.ArithmeticIntensity.LowRidgeMultiple, thresholds.ArithmeticIntensity.HighRidgeMultiple),
            _ => (thresholds.Dispatch.DispatchBelow, thresholds.Dispatch.SaturatedFrom),
        };
        return interval.High < low / factor || interval.Low > high * factor;
    }

    public static string QuantityOf(RegimeAxis axis) => axis switch
    {
        RegimeAxis.WorkingSet => "unique bytes per step / last-level cache",
        RegimeAxis.ArithmeticIntensity => "FLOP per byte / ridge",
        _ => "utilisation",
    };

    public static string Of(RegimeAxis axis, RegimeValue value, RegimeThresholds thresholds)
    {
        var (workingSet, intensity, dispatch) = thresholds;
        return QuantityOf(axis) + (axis, value) switch
        {
            (_, RegimeValue.CacheResident) => $" <= {workingSet.ResidentLlcFraction}",
            (_, RegimeValue.DramBound) => $" >= {workingSet.DramLlcMultiple}",
            (_, RegimeValue.ComputeBound) => $" > {intensity.HighRidgeMultiple}",
            (_, RegimeValue.BandwidthBound) => $" < {intensity.LowRidgeMultiple}",
            (_, RegimeValue.DeviceSaturated) => $" >= {dispatch.SaturatedFrom}",
            (_, RegimeValue.DispatchBound) => $" < {dispatch.DispatchBelow}, operator calls cost >= {dispatch.ExplainedShare} of the step "
                + "and as much of it does not grow with the batch",
            (_, RegimeValue.KernelBound) => $" < {dispatch.DispatchBelow}, and operator calls or what does not grow with the batch "
                + $"are < {dispatch.ExplainedShare} of the step",
            (_, RegimeValue.Unmeasured) => ": not measured",
            (RegimeAxis.WorkingSet, _) => $": not surely <= {workingSet.ResidentLlcFraction} or >= {workingSet.DramLlcMultiple}",
            (RegimeAxis.ArithmeticIntensity, _) => $": not surely < {intensity.LowRidgeMultiple} or > {intensity.HighRidgeMultiple}",
            _ => $": not surely < {dispatch.DispatchBelow} with an explanation or >= {dispatch.SaturatedFrom}",
        };
    }
}
