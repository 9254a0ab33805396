using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Workloads.Cloud.NanoGpt;

namespace MlPerfEdu.Workloads.Cloud.Gpt;

/// <summary>The layers of a <see cref="CachedGpt"/>, for counting.</summary>
static class GptCount
{
    /// <summary>One that reads a prompt.</summary>
    public static StepCounter PrefilledLayer(this StepCounter counter, string layer, NanoGptGeometry geometry) => counter.Layer(
        layer, geometry, body => body.SelfAttention(
            $"{layer} attention", new AttentionShape(geometry.Heads) { Causal = true, Block = CachedGpt.PrefillBlock }));

    /// <summary>One that goes on from so many positions.</summary>
    public static StepCounter CachedLayer(this StepCounter counter, string layer, NanoGptGeometry geometry, long cached) => counter.Layer(
        layer, geometry, body => body.CachedAttention($"{layer} attention", new AttentionShape(geometry.Heads), cached));

    static StepCounter Layer(this StepCounter counter, string layer, NanoGptGeometry geometry, Action<StepCounter> attention) => counter
        .Residual($"{layer} attention sum", body => attention(body.LayerNorm($"{layer} attention norm")))
        .Residual($"{layer} mlp sum", body => body
            .LayerNorm($"{layer} mlp norm")
            .Linear($"{layer} up", NanoGptGeometry.MlpRatio * geometry.Width)
            .Gelu($"{layer} gelu")
            .Linear($"{layer} down", geometry.Width));
}
