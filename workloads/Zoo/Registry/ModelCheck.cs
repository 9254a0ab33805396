using MlPerfEdu.Data;

namespace MlPerfEdu.Zoo;

/// <summary>What the values of a model must be to each other.</summary>
static class ModelCheck
{
    public static void Run(YamlText id, CatalogMap map, Model model)
    {
        var sparse = model.Architecture == Architecture.SparseMoe;
        Must(sparse == (model.Experts is not null), "experts for a sparse-moe and for no other");
        Must((model.Experts is null) == (model.ExpertsPerToken is null), "experts and experts_per_token together");
        Must(model.ExpertsPerToken is null || model.ExpertsPerToken < model.Experts, "fewer experts_per_token than experts");
        Must(sparse == (model.Active != model.Parameters), "active_parameters, other than all, for a sparse-moe and for no other");
        Must(model.Active.Value <= model.Parameters.Value, "no more active_parameters than parameters");
        Must(!sparse || DenseShare(model) >= 0, "active_parameters of at least experts_per_token experts");
        Must((model.Architecture == Architecture.Diffusion) == (model.Steps is not null), "steps for a diffusion and for no other");
        Must((model.Architecture == Architecture.Diffusion) == (model.Unit == WorkUnit.Step),
            "flops per step for a diffusion and for no other");
        Must((model.Architecture == Architecture.Ssm) == (model.State is not null), "state for an ssm and for no other");
        Must(model is not { Architecture: Architecture.Ssm } or { Layers: not null, Hidden: not null }, "layers and hidden for an ssm");
        Must(model is { State: not null } or { Expansion: null, Convolution: null }, "expansion and convolution beside a state only");
        Must(model.Heads is null || model.Hidden is not null, "hidden beside heads");
        Must(model is { Heads: null } or { HeadDim: not null }
            || model.Hidden % model.Heads == 0, "heads that divide hidden, or a head_dim");
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

    static double DenseShare(Model model) => model is { Experts: { } experts, ExpertsPerToken: { } chosen } && chosen < experts
        ? model.Active.Value - (chosen * (model.Parameters.Value - model.Active.Value) / (experts - chosen))
        : 0;
}
