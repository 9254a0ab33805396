namespace MlPerfEdu.Generator;

internal static class ThresholdsCheck
{
    public static Thresholds Read(YamlNode node, Problems problems)
    {
        var fields = new Fields(node, "thresholds", Known.Keys.Thresholds, problems);
        return new(WorkingSet(fields, problems), Intensity(fields, problems), Dispatch(fields, problems));
    }

    static WorkingSetThresholds WorkingSet(Fields thresholds, Problems problems)
    {
        var fields = Axis(thresholds, "working_set", Known.Keys.WorkingSetThresholds, problems);
        var (low, high) = Ordered(fields, "resident_llc_fraction", "dram_llc_multiple", NumberRange.Positive, problems);
        return new(low, high);
    }

    static ArithmeticIntensityThresholds Intensity(Fields thresholds, Problems problems)
    {
        var fields = Axis(thresholds, "arithmetic_intensity", Known.Keys.IntensityThresholds, problems);
        var (low, high) = Ordered(fields, "low_ridge_multiple", "high_ridge_multiple", NumberRange.Positive, problems);
        return new(low, high);
    }

    static DispatchThresholds Dispatch(Fields thresholds, Problems problems)
    {
        var fields = Axis(thresholds, "dispatch", Known.Keys.DispatchThresholds, problems);
        var (low, high) = Ordered(fields, "dispatch_below", "saturated_from", NumberRange.Fraction, problems);
        return new(low, high, fields.Number("explained_share", NumberRange.Fraction));
    }

    static Fields Axis(Fields thresholds, string key, string[] known, Problems problems) =>
        new(thresholds.Required(key), $"thresholds.{key}", known, problems);

    static (double Low, double High) Ordered(Fields fields, string low, string high, NumberRange range, Problems problems)
    {
        double lowValue = fields.Number(low, range), highValue = fields.Number(high, range);
        // A 0 stands for a value that was refused already.
        if (lowValue > 0 && highValue > 0 && lowValue >= highValue)
            problems.ThresholdOrder(fields.Required(high), low, lowValue, high, highValue);
        return (lowValue, highValue);
    }
}
