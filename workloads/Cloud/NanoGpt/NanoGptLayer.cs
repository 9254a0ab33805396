using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = MlPerfEdu.Roofline.Count.Counted;

namespace MlPerfEdu.Workloads.Cloud.NanoGpt;

/// <summary>
/// x + attention(norm(x)), then x + mlp(norm(x)). B samples of T positions stand below one another, N = B·T rows of D numbers.
/// </summary>
public sealed class NanoGptLayer : Module<Tensor, long, Tensor>
{
    readonly int heads;
    readonly LayerNorm attentionNorm, mlpNorm;
    readonly Linear queryKeyValue, output, up, down;

    public NanoGptLayer(NanoGptGeometry geometry) : base(nameof(NanoGptLayer))
    {
        var (width, hidden) = (geometry.Width, NanoGptGeometry.MlpRatio * geometry.Width);
        heads = geometry.Heads;
        attentionNorm = LayerNorm(width);
        queryKeyValue = Linear(width, 3 * width);
        output = Linear(width, width);
        mlpNorm = LayerNorm(width);
        up = Linear(width, hidden);
        down = Linear(hidden, width);
        RegisterComponents();
    }

    // x [N, D] → [N, D]
    public override Tensor forward(Tensor x, long batch)
    {
        x = Project(CausalAttention.Of(QueryKeyValue(x), batch, heads), x);
        return Mlp(x);
    }

    /// <summary>[N, D] → [N, 3·D]: queries, keys and values side by side.</summary>
    internal Tensor QueryKeyValue(Tensor x) => queryKeyValue.call(attentionNorm.call(x));

    /// <summary>What the heads found, [N, D], into the residual stream x, [N, D].</summary>
    internal Tensor Project(Tensor attended, Tensor x) => F.add(x, output.call(attended));

    internal Tensor Mlp(Tensor x) => F.add(x, down.call(F.gelu(up.call(mlpNorm.call(x)))));

    internal void Initialise(double deviation, double residualDeviation)
    {
        var spreads = new[] { (queryKeyValue, deviation), (output, residualDeviation), (up, deviation), (down, residualDeviation) };
        foreach (var (layer, spread) in spreads)
        {
            init.normal_(layer.weight, 0, spread);
            init.zeros_(layer.bias!);
        }
    }
}
