namespace MlPerfEdu.Zoo;

/// <summary>One entry of models.yaml.</summary>
public sealed record Model
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required Family Family { get; init; }
    public required Architecture Architecture { get; init; }

    /// <summary>All of them: what memory must hold.</summary>
    public required ParameterCount Parameters { get; init; }
    /// <summary>Those that one token uses.</summary>
    public required ParameterCount Active { get; init; }
    /// <summary>Of one <see cref="Unit"/>, two FLOP per multiply-add.</summary>
    public required Flop Work { get; init; }
    public required WorkUnit Unit { get; init; }
    /// <summary>The entry has no FLOP count: two per parameter are assumed.</summary>
    public required bool WorkIsAssumed { get; init; }
    /// <summary>Of models whose weights are a table of a given size, whatever the dtype.</summary>
    public ByteCount? Size { get; init; }
    /// <summary>Tokens of the sequence that <see cref="Work"/> is for.</summary>
    public int Sequence { get; init; } = 1;

    public int? Layers { get; init; }
    public int? Hidden { get; init; }
    public int? Heads { get; init; }
    /// <summary>Of one head; hidden / heads unless the entry says otherwise.</summary>
    public int? HeadDim { get; init; }
    public int? KvHeads { get; init; }
    /// <summary>Width of the compressed keys and values of latent attention.</summary>
    public int? KvLatent { get; init; }
    /// <summary>Width of the rotary part that latent attention keeps with them.</summary>
    public int? RopeDim { get; init; }

    public int? Experts { get; init; }
    public int? ExpertsPerToken { get; init; }
    /// <summary>Of a state-space layer, per channel.</summary>
    public int? State { get; init; }
    /// <summary>How many times wider than <see cref="Hidden"/> the state is.</summary>
    public int? Expansion { get; init; }
    /// <summary>Width of the convolution in front of the state.</summary>
    public int? Convolution { get; init; }
    /// <summary>Denoising steps of one image.</summary>
    public int? Steps { get; init; }

    /// <summary>What is doubtful about the entry.</summary>
    public string? Flag { get; init; }
    public required IReadOnlyList<Source> Sources { get; init; }
    /// <summary>Where the entry begins in models.yaml.</summary>
    public required int Line { get; init; }

    /// <summary>The entry as MLSys·im has it: the same but for what `original` names.</summary>
    public Model Original => InOriginal ?? this;
    internal Model? InOriginal { get; init; }

    /// <summary>Generates its tokens one after the other, each from all before it.</summary>
    public bool Generates =>
        Unit == WorkUnit.Token && Architecture is Architecture.Transformer or Architecture.SparseMoe or Architecture.Ssm;

    internal bool HasAttention => Architecture is Architecture.Transformer or Architecture.SparseMoe;

    public ByteCount Weights(Dtype dtype) => Size ?? Parameters.As(dtype);

    // A record's own text holds every property, and Original leads back here.
    public override string ToString() => Id;
}

/// <summary>What a model is for.</summary>
public enum Family { Language, Vision, Tiny, StateSpace, Generative, Recommendation, Embodied }

/// <summary>Decides how work, traffic and state scale.</summary>
public enum Architecture { Transformer, Cnn, SparseMoe, Ssm, Diffusion, Mlp, Recommendation }

/// <summary>Where some values of an entry come from.</summary>
public sealed record Source(IReadOnlyList<string> Of, string From);
