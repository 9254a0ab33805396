namespace MlPerfEdu.Roofline.Classify;

/// <summary>The answer of one axis.</summary>
/// <param name="Quantity">What was compared with the thresholds.</param>
/// <param name="Measured">Where it lies; absent when unmeasured.</param>
/// <param name="Decided">False when more samples could still change the answer: an interval lies across a threshold.</param>
/// <param name="Rule">The rule that gives this value: thresholds, but no measured number.</param>
/// <param name="Because">The measured numbers that it was applied to.</param>
public sealed record RegimeVerdict(
    RegimeAxis Axis, RegimeValue Value, string Quantity, Interval? Measured, bool Decided, string Rule, string Because);
