using System.Globalization;

namespace MlPerfEdu.Roofline.Classify;

/// <summary>Is the machine busy, and if not, is it waiting for the next operator or slow inside them?</summary>
public static class DispatchClassifier
{
    const string Quantity = "utilisation";

    public static RegimeVerdict Classify(DispatchEvidence evidence, DispatchThresholds thresholds)
    {
        if (evidence.Utilization is not { } utilization)
            return Unmeasured(null, "the step or the roofs are not measured");
        if (utilization.Low >= thresholds.SaturatedFrom)
            return Verdict(RegimeValue.DeviceSaturated, $"{Quantity} >= {thresholds.SaturatedFrom}");
        if (utilization.High >= thresholds.DispatchBelow)
            return Verdict(RegimeValue.GreyBand, $"not surely {Quantity} < {thresholds.DispatchBelow} or >= {thresholds.SaturatedFrom}");

        var below = $"{Quantity} < {thresholds.DispatchBelow}";
        if (evidence.CallShare is not { } calls || evidence.BatchGrowth is not { } growth)
            return Unmeasured(utilization, $"{below}, and what explains it is not measured");

        // t = a + b·batch: doubling the batch adds b·batch, so what does not grow is the share a / t = 2 - growth.
        var notGrowing = new Interval(2 - growth.High, 2 - growth.Low);
        var share = thresholds.ExplainedShare;
        if (calls.Low >= share && notGrowing.Low >= share)
        {
            return Verdict(
                RegimeValue.DispatchBound,
                $"{below}; cost of operator calls >= {share} of the step and at least {share} of it does not grow with the batch");
        }

        if (calls.High < share)
            return Verdict(RegimeValue.KernelBound, $"{below}; cost of operator calls < {share} of the step");
        if (notGrowing.High < share)
            return Verdict(RegimeValue.KernelBound, $"{below}; less than {share} of the step does not grow with the batch");
        return Verdict(RegimeValue.GreyBand, $"{below}; whether dispatch explains {share} of the step is not sure");

        RegimeVerdict Verdict(RegimeValue value, string rule) =>
            new(RegimeAxis.Dispatch, value, Quantity, utilization, rule, Because(evidence));

        RegimeVerdict Unmeasured(Interval? measured, string rule) =>
            new(RegimeAxis.Dispatch, RegimeValue.Unmeasured, Quantity, measured, rule, Because(evidence));
    }

    static string Because(DispatchEvidence evidence) =>
        $"utilisation {Text(evidence.Utilization)}, cost of calls {Text(evidence.CallShare)} of the step, "
        + $"doubled batch takes {Text(evidence.BatchGrowth)} times as long";

    static string Text(Interval? interval) => interval is { } known
        ? string.Create(CultureInfo.InvariantCulture, $"{known.Low:0.####} to {known.High:0.####}")
        : "not measured";
}
