using System.Text.Json;

namespace MlPerfEdu.Contract;

public enum RegimeAxis
{
    WorkingSet,
    ArithmeticIntensity,
    Dispatch,
}

/// <summary>The values of the three axes. GreyBand is one, "measured, between the thresholds"; Unmeasured is none.</summary>
public enum RegimeValue
{
    Unmeasured,
    GreyBand,
    CacheResident,
    DramBound,
    ComputeBound,
    BandwidthBound,
    DeviceSaturated,
    DispatchBound,
    KernelBound,
}

/// <summary>The thresholds of the three axes, as workloads.yaml states them.</summary>
public sealed record RegimeThresholds(
    WorkingSetThresholds WorkingSet, IntensityThresholds ArithmeticIntensity, DispatchThresholds Dispatch);

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

/// <summary>Axes and values as workloads.yaml and the sidecars spell them.</summary>
public static class RegimeNames
{
    public static string Name(this RegimeAxis axis) => JsonNamingPolicy.SnakeCaseLower.ConvertName(axis.ToString());
    public static string Name(this RegimeValue value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    public static IReadOnlyList<RegimeValue> ValuesOf(RegimeAxis axis) => axis switch
    {
        RegimeAxis.WorkingSet =>
            [RegimeValue.CacheResident, RegimeValue.DramBound, RegimeValue.GreyBand, RegimeValue.Unmeasured],
        RegimeAxis.ArithmeticIntensity =>
            [RegimeValue.ComputeBound, RegimeValue.BandwidthBound, RegimeValue.GreyBand, RegimeValue.Unmeasured],
        RegimeAxis.Dispatch =>
            [RegimeValue.DeviceSaturated, RegimeValue.DispatchBound, RegimeValue.KernelBound, RegimeValue.GreyBand, RegimeValue.Unmeasured],
        _ => throw new ArgumentOutOfRangeException(nameof(axis), axis, "Not one of the three axes."),
    };

    public static RegimeValue Parse(RegimeAxis axis, string name)
    {
        var values = ValuesOf(axis).ToDictionary(value => value.Name());
        return values.TryGetValue(name, out var known)
            ? known
            : throw new FormatException($"'{name}' is not a value of {axis.Name()}; write one of {string.Join(", ", values.Keys)}.");
    }
}
