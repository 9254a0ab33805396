namespace MlPerfEdu.Roofline.Classify;

public enum RegimeOutcome
{
    /// <summary>The measured value is the expected one.</summary>
    Kept,

    /// <summary>The measurement does not decide: it neither shows the expected value nor excludes it.</summary>
    NotExcluded,

    /// <summary>Nothing was expected on this machine class.</summary>
    NoBaseline,

    /// <summary>Another value was measured, and its interval excludes the expected one.</summary>
    Changed,
}

public sealed record RegimeComparison(RegimeOutcome Outcome, string Message)
{
    public bool Fails => Outcome == RegimeOutcome.Changed;
}

/// <summary>Compares a measured regime with the one workloads.yaml states. Noise gives NotExcluded, never Changed.</summary>
public static class RegimeAssertion
{
    /// <summary>
    /// A measurement this many times outside the grey band contradicts it. A virtual machine moves from one second to the next between
    /// states in which the same step of many small operators takes 1.3 or 3 ms while its calibration hardly changes.
    /// </summary>
    public const double GreyClearance = 2;

    public static RegimeComparison Compare(RegimeValue? expected, RegimeVerdict measured, RegimeThresholds thresholds)
    {
        var axis = measured.Axis.Name();
        if (expected is not { } value)
            return new(RegimeOutcome.NoBaseline, $"{axis}: measured {measured.Value.Name()}, no baseline for this machine class; accepting a run makes one.");
        if (value == measured.Value)
            return new(RegimeOutcome.Kept, $"{axis}: {measured.Value.Name()}, as expected.");

        var both = $"{axis}: measured {measured.Value.Name()}, expected {value.Name()}";
        if (measured.Value is RegimeValue.GreyBand or RegimeValue.Unmeasured)
            return new(RegimeOutcome.NotExcluded, $"{both}; {measured.Because}. The measurement does not exclude the expectation.");
        if (value == RegimeValue.GreyBand && !thresholds.IsClearOfGrey(measured, GreyClearance))
            return new(RegimeOutcome.NotExcluded, $"{both}; {measured.Because}. That is too near the band to exclude it.");
        if (value == RegimeValue.Unmeasured)
            return new(RegimeOutcome.NotExcluded, $"{both}: accept the measurement to give it a baseline.");

        // A value other than GreyBand is given only when its whole interval lies on one side of every edge.
        return new(
            RegimeOutcome.Changed,
            $"{both}. Rule: {measured.Rule}. Measured: {measured.Because}. Find what changed (`diff`), or make this measurement the baseline (`accept`).");
    }
}
