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
