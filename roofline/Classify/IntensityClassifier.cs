using System.Globalization;

namespace MlPerfEdu.Roofline.Classify;

/// <summary>On which side of the roofline's ridge does the step lie?</summary>
public static class IntensityClassifier
{
    const string Quantity = "FLOP per byte / ridge";

    /// <param name="ridge">FLOP per byte at which this machine's compute and memory roofs meet.</param>
    public static RegimeVerdict Classify(long flops, long bytes, Interval? ridge, IntensityThresholds thresholds)
    {
        if (bytes <= 0 || ridge is not { } edge)
        {
            return new RegimeVerdict(
                RegimeAxis.ArithmeticIntensity, RegimeValue.Unmeasured, Quantity, null,
                "the traffic or the ridge is not known", "nothing to compare");
        }

        var intensity = (double)flops / bytes;
        var ratio = intensity / edge;
        var (value, rule) = Decide(ratio, thresholds);
        var because = string.Create(
            CultureInfo.InvariantCulture,
            $"{intensity:0.###} FLOP/byte, ridge {edge.Low:0.##} to {edge.High:0.##}: ratio {ratio.Low:0.####} to {ratio.High:0.####}");
        return new RegimeVerdict(RegimeAxis.ArithmeticIntensity, value, Quantity, ratio, rule, because);
    }

    static (RegimeValue, string) Decide(Interval ratio, IntensityThresholds edges)
    {
        if (ratio.Low > edges.HighRidgeMultiple)
            return (RegimeValue.ComputeBound, $"{Quantity} > {edges.HighRidgeMultiple}");
        if (ratio.High < edges.LowRidgeMultiple)
            return (RegimeValue.BandwidthBound, $"{Quantity} < {edges.LowRidgeMultiple}");
        return (RegimeValue.GreyBand, $"not surely {Quantity} < {edges.LowRidgeMultiple} or > {edges.HighRidgeMultiple}");
    }
}
