namespace MlPerfEdu.Generator;

/// <summary>The edges of the three regime axes.</summary>
public sealed record Thresholds(
    WorkingSetThresholds WorkingSet, ArithmeticIntensityThresholds ArithmeticIntensity, DispatchThresholds Dispatch);

/// <summary>Multiples of the last-level cache: at most the first is resident, at least the second goes to memory.</summary>
public sealed record WorkingSetThresholds(double ResidentLlcFraction, double DramLlcMultiple);

/// <summary>Multiples of the ridge point: below the first is bandwidth-bound, above the second compute-bound.</summary>
public sealed record ArithmeticIntensityThresholds(double LowRidgeMultiple, double HighRidgeMultiple);

/// <summary>
/// Utilisation below which dispatch may be to blame and from which the device is busy, and the share of a step that explains it.
/// </summary>
public sealed record DispatchThresholds(double DispatchBelow, double SaturatedFrom, double ExplainedShare);
