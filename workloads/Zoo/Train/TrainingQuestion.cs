namespace MlPerfEdu.Zoo;

/// <summary>A model in training on one of many devices that share the batch.</summary>
public readonly record struct TrainingQuestion(Model Model)
{
    /// <summary>Sequences or inputs of one device.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Tokens of a sequence.</summary>
    public int Sequence { get; init; } = 1024;

    public Dtype Dtype { get; init; } = Dtype.Fp16;

    public Recompute Recompute { get; init; } = Recompute.None;

    public Optimizer Optimizer { get; init; } = Optimizer.Adam;

    public ZeroStage Zero { get; init; } = ZeroStage.None;

    /// <summary>Devices that share what ZeRO divides.</summary>
    public int Devices { get; init; } = 1;

    public Heuristics Heuristics { get; init; } = Heuristics.Usual;

    public Rules Rules { get; init; }

    internal void Check()
    {
        if (Batch < 1) throw ZooErrors.OutOfRange("a batch of", Batch, "at least 1");
        if (Sequence < 1) throw ZooErrors.OutOfRange("a sequence of", Sequence, "at least 1 token");
        if (Devices < 1) throw ZooErrors.OutOfRange("devices of", Devices, "at least 1");
    }
}
