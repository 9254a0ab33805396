namespace MlPerfEdu.Zoo;

/// <summary>One model on one device.</summary>
public readonly record struct Question(Model Model, Device Device)
{
    public int Batch { get; init; } = 1;
    public Dtype Dtype { get; init; } = Dtype.Fp16;
    /// <summary>Tokens that each sequence has already; in training, its length.</summary>
    public int Context { get; init; }
    public bool Training { get; init; }
    public Recompute Recompute { get; init; }
    public Heuristics Heuristics { get; init; } = Heuristics.Usual;
    public Rules Rules { get; init; }

    internal void Check()
    {
        if (Batch < 1) throw ZooErrors.OutOfRange("a batch of", Batch, "at least 1");
        if (Context < 0) throw ZooErrors.OutOfRange("a context of", Context, "at least 0 tokens");
        if (Training && Model.Generates && Context < 1)
            throw ZooErrors.OutOfRange("training with a context of", Context, "the length of a sequence");
        if (Context > 0 && !Model.Generates) throw ZooErrors.NoContext(Model);
        Heuristics.Check();
    }
}

/// <summary>Which activations training computes a second time instead of keeping them.</summary>
public enum Recompute
{
    None,
    Selective, // those of attention
    Full,      // all but each layer's input
}

/// <summary>Which formulas are used; README.md lists where they differ.</summary>
public enum Rules
{
    Ours,
    Reference, // those of MLSys·im; Model.Original and Device.Original are its entries
}

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
