namespace MlPerfEdu.Zoo;

/// <summary>The three numbers that no data sheet gives.</summary>
/// <param name="Efficiency">Share of the peak that real kernels reach, above 0 and up to 1.</param>
/// <param name="LayerOverhead">What each layer adds to a pass, whatever it computes.</param>
/// <param name="ActivationTraffic">Bytes of activations per input, as a share of the weights, where the shapes are not known.</param>
public readonly record struct Heuristics(double Efficiency, Duration LayerOverhead, double ActivationTraffic)
{
    /// <summary>Those of MLSys·im.</summary>
    public static Heuristics Usual { get; } = new(0.5, Duration.FromMilliseconds(0.01), 0.1);

    internal void Check()
    {
        if (!(Efficiency is > 0 and <= 1)) throw ZooErrors.OutOfRange("an efficiency of", Efficiency, "more than 0 and at most 1");
        if (!(LayerOverhead.Value is >= 0 and < double.PositiveInfinity))
            throw ZooErrors.OutOfRange("an overhead per layer of", LayerOverhead.Value, "at least 0 s");
        if (!(ActivationTraffic is >= 0 and < double.PositiveInfinity))
            throw ZooErrors.OutOfRange("an activation traffic of", ActivationTraffic, "at least 0");
    }
}
