namespace MlPerfEdu.Roofline.Classify;

public sealed record Regimes(RegimeVerdict WorkingSet, RegimeVerdict ArithmeticIntensity, RegimeVerdict Dispatch)
{
    [JsonIgnore]
    public IReadOnlyList<RegimeVerdict> All => [WorkingSet, ArithmeticIntensity, Dispatch];

    public RegimeVerdict this[RegimeAxis axis] => All.Single(verdict => verdict.Axis == axis);
}

/// <summary>The verdict on one axis.</summary>
/// <param name="Quantity">What was compared with the thresholds.</param>
/// <param name="Measured">Where it lies; absent when unmeasured.</param>
/// <param name="Decided">False when more samples could still change the verdict: an interval lies across a threshold.</param>
/// <param name="Rule">The rule that gives this value: thresholds, but no measured number.</param>
/// <param name="Because">The measured numbers that the rule was applied to.</param>
public sealed record RegimeVerdict(
    RegimeAxis Axis, RegimeValue Value, string Quantity, Interval? Measured, bool Decided, string Rule, string Because);

/// <summary>From raw samples and counts to the three verdicts: used when measuring, and again when a sidecar is verified.</summary>
public static class RegimeDerivation
{
    public static Regimes Derive(StepCount count, StepMeasurement measured, MachinePeaks peaks, RegimeThresholds thresholds)
    {
        var workingSet = RegimeClassifier.WorkingSet(count.UniqueBytes, peaks.LastLevelCache.Bytes, thresholds);
        var point = RooflinePoint.From(count, measured, peaks, workingSet.Value);
        var dispatch = new DispatchEvidence(point?.Utilization.Widened(RooflinePoint.Accuracy), point?.CallShare, point?.BatchGrowth);
        return new Regimes(
            workingSet,
            Timed(RegimeClassifier.Intensity(count.Flops, count.Bytes, point?.Ridge.Widened(RooflinePoint.Accuracy), thresholds)),
            Timed(RegimeClassifier.Dispatch(dispatch, thresholds)));

        // A core that other processes hold slows steps and calibration differently: such a measurement decides nothing.
        RegimeVerdict Timed(RegimeVerdict verdict) => point is { Disturbed: true } && verdict.Value != RegimeValue.Unmeasured
            ? verdict with
            {
                Value = RegimeValue.GreyBand,
                Decided = false,
                Rule = RegimeRules.Of(verdict.Axis, RegimeValue.GreyBand, thresholds),
                Because = $"{verdict.Because}; the machine was busy: in {measured.Rounds.Count(round => round.Disturbed)} of "
                    + $"{measured.Rounds.Count} rounds threads waited for a core more than {SampleRound.MostQueued:0%} of the time",
            }
            : verdict;
    }
}

/// <summary>What the dispatch axis is decided from.</summary>
/// <param name="Utilization">The larger of FLOP rate over the compute roof and byte rate over the memory roof.</param>
/// <param name="CallShare">Operator calls times the cost of an empty operator, over the step time.</param>
/// <param name="BatchGrowth">Step time of the doubled batch over that of the batch: 2 when proportional, 1 when it does not grow.</param>
public sealed record DispatchEvidence(Interval? Utilization, Interval? CallShare, Interval? BatchGrowth)
{
    /// <summary>With t = a + b·batch the doubled batch adds b·batch, so a / t, what does not grow, is 2 − growth.</summary>
    public Interval? FixedShare => BatchGrowth is { } growth ? new Interval(2 - growth.High, 2 - growth.Low) : null;

    public override string ToString()
    {
        return $"utilisation {Text(Utilization)}; operator calls cost {Text(CallShare)} of the step; "
            + $"{Text(FixedShare)} of it does not grow with the batch";

        static string Text(Interval? interval) => interval?.ToString() ?? "(not measured)";
    }
}

/// <summary>One axis each: an interval, the thresholds, a verdict. A value is given only when the whole interval lies on one side.</summary>
public static class RegimeClassifier
{
    /// <summary>Does the memory that one step touches fit the last-level cache?</summary>
    public static RegimeVerdict WorkingSet(long uniqueBytes, Interval? lastLevelCache, RegimeThresholds thresholds)
    {
        // More samples of the step change neither the count nor the cache, so this axis is always decided.
        if (uniqueBytes <= 0 || lastLevelCache is not { } cache)
            return Verdict(RegimeAxis.WorkingSet, RegimeValue.Unmeasured, null, true, thresholds,
                "the touched bytes or the last-level cache are not known");

        var ratio = uniqueBytes / cache;
        var edges = thresholds.WorkingSet;
        var value = ratio.High <= edges.ResidentLlcFraction ? RegimeValue.CacheResident
            : ratio.Low >= edges.DramLlcMultiple ? RegimeValue.DramBound
            : RegimeValue.GreyBand;
        return Verdict(RegimeAxis.WorkingSet, value, ratio, true, thresholds,
            $"{uniqueBytes / 1e6:0.###} MB touched, last-level cache {cache.Low / 1e6:0.###} to {cache.High / 1e6:0.###} MB: ratio {ratio}");
    }

    /// <summary>On which side of the roofline's ridge does the step lie?</summary>
    /// <param name="ridge">FLOP per byte at which this machine's compute and memory roofs meet.</param>
    public static RegimeVerdict Intensity(long flops, long bytes, Interval? ridge, RegimeThresholds thresholds)
    {
        if (bytes <= 0 || ridge is not { } edge)
            return Verdict(RegimeAxis.ArithmeticIntensity, RegimeValue.Unmeasured, null, false, thresholds,
                "the traffic or the ridge is not known");

        var intensity = (double)flops / bytes;
        var ratio = intensity / edge;
        var edges = thresholds.ArithmeticIntensity;
        var across = ratio.Crosses(edges.LowRidgeMultiple) || ratio.Crosses(edges.HighRidgeMultiple);
        var value = ratio.Low > edges.HighRidgeMultiple ? RegimeValue.ComputeBound
            : ratio.High < edges.LowRidgeMultiple ? RegimeValue.BandwidthBound
            : RegimeValue.GreyBand;
        return Verdict(RegimeAxis.ArithmeticIntensity, value, ratio, !across, thresholds,
            $"{intensity:0.###} FLOP/byte, ridge {edge.Low:0.##} to {edge.High:0.##}: ratio {ratio}");
    }

    /// <summary>Is the machine busy, and if not, is it waiting for the next operator or slow inside them?</summary>
    public static RegimeVerdict Dispatch(DispatchEvidence evidence, RegimeThresholds thresholds)
    {
        var (value, decided) = Decide(evidence, thresholds.Dispatch);
        return Verdict(RegimeAxis.Dispatch, value, evidence.Utilization, decided, thresholds, evidence.ToString());
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

    static RegimeVerdict Verdict(
        RegimeAxis axis, RegimeValue value, Interval? measured, bool decided, RegimeThresholds thresholds, string because) =>
        new(axis, value, RegimeRules.QuantityOf(axis), measured, decided, RegimeRules.Of(axis, value, thresholds), because);
}
