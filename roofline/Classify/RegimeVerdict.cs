namespace MlPerfEdu.Roofline.Classify;

/// <summary>The answer of one axis.</summary>
/// <param name="Quantity">What was compared with the thresholds.</param>
/// <param name="Measured">Where it lies; absent when unmeasured.</param>
/// <param name="Rule">The rule that gave this value: thresholds, but no measured number.</param>
/// <param name="Because">The same with the measured numbers.</param>
public sealed record RegimeVerdict(
    RegimeAxis Axis, RegimeValue Value, string Quantity, Interval? Measured, string Rule, string Because);
