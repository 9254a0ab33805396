namespace MlPerfEdu.Zoo;

/// <summary>A model that answers prompts of one length, many at a time.</summary>
public readonly record struct ServingQuestion(Model Model, Device Device)
{
    public int Batch { get; init; } = 1;

    public Dtype Dtype { get; init; } = Dtype.Fp16;

    /// <summary>Tokens of a prompt.</summary>
    public int Prompt { get; init; } = 2048;

    /// <summary>Of them, those whose keys and values are there from an earlier prompt.</summary>
    public int CachedPrefix { get; init; }

    /// <summary>Pieces in which the prompt is read.</summary>
    public int Chunks { get; init; } = 1;

    /// <summary>Tokens per page of the cache; 1 keeps it in one piece.</summary>
    public int Page { get; init; } = 1;

    public Heuristics Heuristics { get; init; } = Heuristics.Usual;

    public Rules Rules { get; init; }

    internal void Check()
    {
        if (!Model.Generates) throw ZooErrors.NoContext(Model);
        if (Batch < 1) throw ZooErrors.OutOfRange("a batch of", Batch, "at least 1");
        if (Prompt < 1) throw ZooErrors.OutOfRange("a prompt of", Prompt, "at least 1 token");
        if (CachedPrefix < 0 || CachedPrefix > Prompt)
            throw ZooErrors.OutOfRange("a cached prefix of", CachedPrefix, $"0 to {Prompt} tokens");
        if (Chunks < 1 || Chunks > Prompt) throw ZooErrors.OutOfRange("chunks of", Chunks, $"1 to {Prompt}");
        Heuristics.Check();
    }
}
