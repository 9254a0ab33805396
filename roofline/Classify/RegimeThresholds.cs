namespace MlPerfEdu.Roofline.Classify;

/// <summary>The edges of the three axes, as workloads.yaml states them.</summary>
public sealed record RegimeThresholds(
    WorkingSetThresholds WorkingSet, IntensityThresholds ArithmeticIntensity, DispatchThresholds Dispatch)
{
    /// <summary>Whether the whole measured interval lies outside the grey band by more than this factor.</summary>
    public bool IsClearOfGrey(RegimeVerdict measured, double factor)
    {
        if (measured.Measured is not { } interval)
            return false;
        var (low, high) = GreyBand(measured.Axis);
        return interval.High < low / factor || interval.Low > high * factor;
    }

    (double Low, double High) GreyBand(RegimeAxis axis) => axis switch
    {
        RegimeAxis.WorkingSet => (WorkingSet.ResidentLlcFraction, WorkingSet.DramLlcMultiple),
        RegimeAxis.ArithmeticIntensity => (ArithmeticIntensity.LowRidgeMultiple, ArithmeticIntensity.HighRidgeMultiple),
        _ => (Dispatch.DispatchBelow, Dispatch.SaturatedFrom),
    };
}

/// <param name="ResidentLlcFraction">Cache resident up to and including this part of the last-level cache.</param>
/// <param name="DramLlcMultiple">DRAM bound from this multiple of it on.</param>
public sealed record WorkingSetThresholds(double ResidentLlcFraction, double DramLlcMultiple);

/// <param name="LowRidgeMultiple">Bandwidth bound below this multiple of the ridge.</param>
/// <param name="HighRidgeMultiple">Compute bound above this multiple of it.</param>
public sealed record IntensityThresholds(double LowRidgeMultiple, double HighRidgeMultiple);

/// <param name="DispatchBelow">Utilisation below this needs an explanation.</param>
/// <param name="SaturatedFrom">Saturated from this utilisation on.</param>
/// <param name="ExplainedShare">The part of a step that dispatch must explain, by cost of calls and by batch scaling.</param>
public sealed record DispatchThresholds(double DispatchBelow, double SaturatedFrom, double ExplainedShare);
