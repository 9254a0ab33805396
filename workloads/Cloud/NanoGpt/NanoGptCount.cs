using MlPerfEdu.Roofline.Count;

namespace MlPerfEdu.Workloads.Cloud.NanoGpt;

static class NanoGptCount
{
    /// <summary>The layers of one <see cref="NanoGpt.NanoGptLayer"/>.</summary>
    public static StepCounter NanoGptLayer(this StepCounter counter, string layer, NanoGptGeometry geometry) => counter
        .Residual($"{layer} attention sum", body => body
            .LayerNorm($"{layer} attention norm")
            .SelfAttention($"{layer} attention", new AttentionShape(geometry.Heads) { Causal = true, OwnKernel = true, Block = HeadKernels.RowsAtOnce }))
        .Residual($"{layer} mlp sum", body => body
            .LayerNorm($"{layer} mlp norm")
            .Linear($"{layer} up", NanoGptGeometry.MlpRatio * geometry.Width)
            .Gelu($"{layer} gelu")
            .Linear($"{layer} down", geometry.Width));
}
