namespace MlPerfEdu.Roofline.Classify;

/// <summary>Is the machine busy, and if not, is it waiting for the next operator or slow inside them?</summary>
public static class DispatchClassifier
{
    public static RegimeVerdict Classify(DispatchEvidence evidence, RegimeThresholds thresholds)
    {
        var (value, decided) = Decide(evidence, thresholds.Dispatch);
        return new RegimeVerdict(
            RegimeAxis.Dispatch, value, RegimeRules.DispatchQuantity, evidence.Utilization, decided,
            RegimeRules.Of(RegimeAxis.Dispatch, value, thresholds), evidence.ToString());
    }

    static (RegimeValue Value, bool Decided) Decide(DispatchEvidence evidence, DispatchThresholds edges)
    {
        if (evidence.Utilization is not { } utilization)
            return (RegimeValue.Unmeasured, false);
        if (utilization.Low >= edges.SaturatedFrom)
            return (RegimeValue.DeviceSaturated, true);
        if (utilization.High >= edges.DispatchBelow)
            return (RegimeValue.GreyBand, utilization.Low >= edges.DispatchBelow && utilization.High < edges.SaturatedFrom);
        if (evidence.CallShare is not { } calls || evidence.FixedShare is not { } fixedShare)
            return (RegimeValue.Unmeasured, false);
        if (calls.Low >= edges.ExplainedShare && fixedShare.Low >= edges.ExplainedShare)
            return (RegimeValue.DispatchBound, true);
        return calls.High < edges.ExplainedShare || fixedShare.High < edges.ExplainedShare
            ? (RegimeValue.KernelBound, true)
            : (RegimeValue.GreyBand, false);
    }
}
