using static System.FormattableString;

namespace MlPerfEdu.Roofline.Classify;

/// <summary>On which side of the roofline's ridge does the step lie?</summary>
public static class IntensityClassifier
{
    /// <param name="ridge">FLOP per byte at which this machine's compute and memory roofs meet.</param>
    public static RegimeVerdict Classify(long flops, long bytes, Interval? ridge, RegimeThresholds thresholds)
    {
        if (bytes <= 0 || ridge is not { } edge)
            return Verdict(RegimeValue.Unmeasured, null, decided: false, "the traffic or the ridge is not known");

        var intensity = (double)flops / bytes;
        var ratio = intensity / edge;
        var edges = thresholds.ArithmeticIntensity;
        var across = ratio.Crosses(edges.LowRidgeMultiple) || ratio.Crosses(edges.HighRidgeMultiple);
        return Verdict(Value(ratio, edges), ratio, !across, Invariant(
            $"{intensity:0.###} FLOP/byte, ridge {edge.Low:0.##} to {edge.High:0.##}: ratio {ratio}"));

        RegimeVerdict Verdict(RegimeValue value, Interval? measured, bool decided, string because) => new(
            RegimeAxis.ArithmeticIntensity, value, RegimeRules.IntensityQuantity, measured, decided,
            RegimeRules.Of(RegimeAxis.ArithmeticIntensity, value, thresholds), because);
    }

    static RegimeValue Value(Interval ratio, IntensityThresholds edges)
    {
        if (ratio.Low > edges.HighRidgeMultiple)
            return RegimeValue.ComputeBound;
        return ratio.High < edges.LowRidgeMultiple ? RegimeValue.BandwidthBound : RegimeValue.GreyBand;
    }
}
