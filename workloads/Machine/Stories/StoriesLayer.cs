using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = MlPerfEdu.Roofline.Count.Counted;

namespace MlPerfEdu.Workloads.Machine.Stories;

/// <summary>
/// One layer of LLaMA (Touvron et al., 2023): x + attention(norm(x)), then x + down(F.silu(gate(n))·up(n)) with n = norm(x).
/// S positions, D wide, F hidden. Weights are [outputs, inputs], so that their rows meet rows of activations in every product of a step;
/// the sum after a product is part of the product.
/// </summary>
sealed class StoriesLayer
{
    readonly AttentionCore core;
    readonly Parameter attentionNorm, queryKeyValue, output, ffnNorm, gate, up, down;

    public StoriesLayer(StoriesSize size, AttentionCore core, ScalarType dtype)
    {
        this.core = core;
        var narrow = 1 / Math.Sqrt(size.Width);
        // What is added to the residual stream, twice a layer, keeps its variance.
        var residual = narrow / Math.Sqrt(2.0 * size.Layers);
        var wide = 1 / Math.Sqrt(size.Hidden);
        attentionNorm = Parameter(ones(size.Width, dtype: dtype));
        queryKeyValue = Initial.Uniform(narrow, dtype, size.Projected, size.Width);
        output = Initial.Uniform(residual, dtype, size.Width, size.Width);
        ffnNorm = Parameter(ones(size.Width, dtype: dtype));
        gate = Initial.Uniform(wide, dtype, size.Hidden, size.Width);
        up = Initial.Uniform(wide, dtype, size.Hidden, size.Width);
        down = Initial.Uniform(residual, dtype, size.Width, size.Hidden);
    }

    public IReadOnlyList<Parameter> Parameters => [attentionNorm, queryKeyValue, output, ffnNorm, gate, up, down];

    // x [S, D] → [S, D]
    public Tensor Forward(Tensor x, IStages stages)
    {
        var normal = Norm.Run(stages, x, attentionNorm);
        // [S, D] → [S, D + 2·G·d]
        var projected = stages.Run(StepPart.AttentionLinear, () => F.linear(normal, queryKeyValue));
        var attended = stages.Run(StepPart.AttentionCore, () => core.Forward(projected));
        var middle = stages.Run(StepPart.AttentionLinear, () => F.add_linear(x, attended, output));
        var again = Norm.Run(stages, middle, ffnNorm);
        // [S, D] → [S, F] twice → [S, D]
        return stages.Run(
            StepPart.Ffn, () => F.add_linear(middle, F.mul(F.silu(F.linear(again, gate)), F.linear(again, up)), down));
    }
}
