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

/// <summary>One entry of models.yaml, key by key.</summary>
static class ModelReader
{
    static readonly string[] Values =
    [
        "parameters", "active_parameters", "size", "flops", "sequence", "layers", "hidden", "heads", "head_dim", "kv_heads",
        "kv_latent", "rope_dim", "experts", "experts_per_token", "state", "expansion", "convolution", "steps",
    ];

    static readonly string[] OfOriginal = ["parameters", "flops", "layers", "heads", "head_dim", "kv_heads"];

    public static Model Read(YamlPair pair, Problems problems)
    {
        var fields = new RegistryFields(pair, Values, ["family", "architecture"], problems);
        var sources = fields.Sources();
        var before = problems.Count;
        var parameters = fields.Optional("parameters").Parameters();
        if (fields.Optional("parameters") is null && fields.Optional("size") is null)
            fields.Wrong(ZooCodes.Registry.MissingKey, "neither 'parameters' nor 'size'", "one of them, such as '8.03 G' or '80 GiB'", "Add it.");
        var active = fields.Optional("active_parameters").Parameters() ?? parameters ?? default;
        var work = fields.Optional("flops").Work();
        var model = new Model
        {
            Id = pair.Key.Text,
            Name = fields.Required("name").Line(),
            Family = fields.Required("family").Choice<Family>(),
            Architecture = fields.Required("architecture").Choice<Architecture>(),
            Parameters = parameters ?? default,
            Active = active,
            Size = fields.Optional("size").Bytes(),
            Work = work?.Work ?? TwoPer(active),
            Unit = work?.Unit ?? WorkUnit.Input,
            WorkIsAssumed = work is null,
            Sequence = Size("sequence") ?? 1,
            Layers = Size("layers"),
            Hidden = Size("hidden"),
            Heads = Size("heads"),
            HeadDim = Size("head_dim"),
            KvHeads = Size("kv_heads"),
            KvLatent = Size("kv_latent"),
            RopeDim = Size("rope_dim"),
            Experts = Size("experts"),
            ExpertsPerToken = Size("experts_per_token"),
            State = Size("state"),
            Expansion = Size("expansion"),
            Convolution = Size("convolution"),
            Steps = Size("steps"),
            Flag = fields.Flag,
            Sources = sources,
            Line = pair.Key.Start.Line,
        };
        // A value that could not be read would seem to contradict the others.
        if (problems.Count == before) CheckConsistency(fields, model);
        return fields.Original is { } original ? model with { InOriginal = Original(model, original) } : model;

        int? Size(string key) => fields.Optional(key).Size();
    }

    static Model Original(Model ours, Field original)
    {
        var fields = original.Fields(original.Name, OfOriginal);
        var parameters = fields.Optional("parameters").Parameters();
        var noWork = IsNone("flops");
        return ours with
        {
            Parameters = parameters ?? ours.Parameters,
            Active = parameters ?? ours.Active,
            Work = noWork ? TwoPer(parameters ?? ours.Parameters) : fields.Optional("flops").Work()?.Work ?? ours.Work,
            WorkIsAssumed = noWork || ours.WorkIsAssumed,
            Layers = Size("layers", ours.Layers),
            Heads = Size("heads", ours.Heads),
            HeadDim = Size("head_dim", ours.HeadDim),
            KvHeads = Size("kv_heads", ours.KvHeads),
        };

        bool IsNone(string key) => fields.Optional(key) is { Node: YamlScalar { IsPlain: true, Text: "none" } };
        int? Size(string key, int? value) => IsNone(key) ? null : fields.Optional(key).Size() ?? value;
    }

    static Flop TwoPer(ParameterCount parameters) => new(2 * parameters.Value);

    static void CheckConsistency(RegistryFields fields, Model model)
    {
        var sparse = model.Architecture == Architecture.SparseMoe;
        var diffusion = model.Architecture == Architecture.Diffusion;
        var ssm = model.Architecture == Architecture.Ssm;
        Must(sparse == (model.Experts is not null), "experts for a sparse-moe and for no other");
        Must((model.Experts is null) == (model.ExpertsPerToken is null), "experts and experts_per_token together");
        Must(model.ExpertsPerToken is null || model.ExpertsPerToken < model.Experts, "fewer experts_per_token than experts");
        Must(sparse == (model.Active != model.Parameters), "active_parameters, other than all, for a sparse-moe and for no other");
        Must(model.Active.Value <= model.Parameters.Value, "no more active_parameters than parameters");
        Must(!sparse || DenseShare(model) >= 0, "active_parameters of at least experts_per_token experts");
        Must(diffusion == (model.Steps is not null), "steps for a diffusion and for no other");
        Must(diffusion == (model.Unit == WorkUnit.Step), "flops per step for a diffusion and for no other");
        Must(ssm == (model.State is not null), "state for an ssm and for no other");
        Must(!ssm || model is { Layers: not null, Hidden: not null }, "layers and hidden for an ssm");
        Must(model is { State: not null } or { Expansion: null, Convolution: null }, "expansion and convolution with a state only");
        Must(model.Heads is null || model.Hidden is not null, "hidden with heads");
        Must(model is { Heads: null } or { HeadDim: not null } || model.Hidden % model.Heads == 0, "heads that divide hidden, or a head_dim");
        Must(model.KvHeads is null || (model.Heads is { } heads && heads % model.KvHeads == 0), "kv_heads that divide heads");
        Must((model.KvLatent is null) == (model.RopeDim is null), "kv_latent and rope_dim together");
        Must(model.KvLatent is null || model.KvHeads is null, "kv_heads or kv_latent, not both");
        Must(model.Sequence == 1 || model.Unit == WorkUnit.Sequence, "a sequence for flops per sequence only");

        void Must(bool holds, string expected)
        {
            if (!holds) fields.Wrong(ZooCodes.Contradiction, "values that contradict each other", expected, "Correct one.");
        }
    }

    // What is left of the active parameters without the experts of one token.
    static double DenseShare(Model model) => model is { Experts: { } experts, ExpertsPerToken: { } chosen } && chosen < experts
        ? model.Active.Value - (chosen * (model.Parameters.Value - model.Active.Value) / (experts - chosen))
        : 0;
}
