using MlPerfEdu.Data;

namespace MlPerfEdu.Zoo;

/// <summary>One entry of models.yaml, key by key.</summary>
static class ModelReader
{
    static readonly string[] Values =
    [
        "parameters", "active_parameters", "size", "flops", "sequence", "layers", "hidden", "heads", "head_dim", "kv_heads",
        "kv_latent", "rope_dim", "experts", "experts_per_token", "state", "expansion", "convolution", "steps",
    ];

    public static Model Read(YamlText id, YamlNode node, CatalogProblems problems)
    {
        var map = new EntryMap(node, id.Kind, problems);
        var parameters = map.Parameters("parameters");
        var size = map.Bytes("size");
        if (map.IsMap && map.Node("parameters") is null && map.Node("size") is null)
            problems.MissingKey(id, map.Where, "parameters", "a number such as '8.03 G', or 'size' in bytes");
        var active = map.Parameters("active_parameters") ?? parameters ?? default;
        var work = map.Work("flops");
        var original = map.Node("original");
        var model = new Model
        {
            Id = id.Value,
            Name = map.Text("name"),
            Family = map.Word<Family>("family"),
            Architecture = map.Word<Architecture>("architecture"),
            Parameters = parameters ?? default,
            Active = active,
            Size = size,
            Work = work?.Work ?? TwoPer(active),
            Unit = work?.Unit ?? WorkUnit.Input,
            WorkIsAssumed = work is null,
            Sequence = map.Size("sequence") ?? 1,
            Layers = map.Size("layers"),
            Hidden = map.Size("hidden"),
            Heads = map.Size("heads"),
            HeadDim = map.Size("head_dim"),
            KvHeads = map.Size("kv_heads"),
            KvLatent = map.Size("kv_latent"),
            RopeDim = map.Size("rope_dim"),
            Experts = map.Size("experts"),
            ExpertsPerToken = map.Size("experts_per_token"),
            State = map.Size("state"),
            Expansion = map.Size("expansion"),
            Convolution = map.Size("convolution"),
            Steps = map.Size("steps"),
            Flag = map.OptionalText("flag"),
            Sources = map.Sources(id, Values),
            Line = id.Line,
        };
        map.CheckFlag(id, original, model.Flag);
        if (original is not null) model = model with { InOriginal = Original(model, map.Inner(original, "original")) };
        map.RefuseTheRest();
        CheckConsistency(id, map, model);
        return model;
    }

    static Model Original(Model ours, EntryMap map)
    {
        var parameters = map.Parameters("parameters") ?? ours.Parameters;
        var noWork = map.IsNone("flops");
        var original = ours with
        {
            Parameters = parameters,
            Active = map.Node("parameters") is null ? ours.Active : parameters,
            Work = noWork ? TwoPer(parameters) : map.Work("flops")?.Work ?? ours.Work,
            WorkIsAssumed = noWork || ours.WorkIsAssumed,
            Layers = Size("layers", ours.Layers),
            Heads = Size("heads", ours.Heads),
            HeadDim = Size("head_dim", ours.HeadDim),
            KvHeads = Size("kv_heads", ours.KvHeads),
        };
        map.RefuseTheRest();
        return original;

        int? Size(string key, int? value) => map.IsNone(key) ? null : map.Size(key) ?? value;
    }

    static Flop TwoPer(ParameterCount parameters) => new(2 * parameters.Value);

    static void CheckConsistency(YamlText id, EntryMap map, Model model)
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
            if (holds || !map.IsMap) return;
            map.Problems.Add(id, ZooCodes.Contradiction,
                $"{map.Where}: found values that contradict each other, expected {expected}. Correct one.");
        }
    }

    // What is left of the active parameters without the experts of one token.
    static double DenseShare(Model model) => model is { Experts: { } experts, ExpertsPerToken: { } chosen } && chosen < experts
        ? model.Active.Value - (chosen * (model.Parameters.Value - model.Active.Value) / (experts - chosen))
        : 0;
}
