using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MlPerfEdu.Workloads.Cloud.NanoGpt;

/// <summary>
/// x + attention(norm(x)), then x + mlp(norm(x)). B samples of T positions stand below one another, N = B·T rows of D numbers; H heads have
/// d = D/H numbers each.
/// </summary>
public sealed class NanoGptLayer : Module<Tensor, long, Tensor, Tensor>
{
    readonly int heads, head;
    readonly LayerNorm attentionNorm, mlpNorm;
    readonly Linear queryKeyValue, output, up, down;

    public NanoGptLayer(NanoGptGeometry geometry) : base(nameof(NanoGptLayer))
    {
        var (width, hidden) = (geometry.Width, NanoGptGeometry.MlpRatio * geometry.Width);
        (heads, head) = (geometry.Heads, geometry.Head);
        attentionNorm = LayerNorm(width);
        queryKeyValue = Linear(width, 3 * width);
        output = Linear(width, width);
        mlpNorm = LayerNorm(width);
        up = Linear(width, hidden);
        down = Linear(hidden, width);
        RegisterComponents();
    }

    /// <summary>[T, T], −∞ where a key is later than its query.</summary>
    public static Tensor CausalMask(long length) => full(length, length, float.NegativeInfinity).triu_(1);

    // x [N, D], mask [T, T] → [N, D]
    public override Tensor forward(Tensor x, long batch, Tensor mask)
    {
        x = Project(Attend(QueryKeyValue(x), batch, mask), x);
        return Mlp(x);
    }

    /// <summary>[N, D] → [N, 3·D]: queries, keys and values side by side.</summary>
    internal Tensor QueryKeyValue(Tensor x) => queryKeyValue.forward(attentionNorm.forward(x));

    /// <summary>What the heads found, [N, D], into the residual stream x, [N, D].</summary>
    internal Tensor Project(Tensor attended, Tensor x) => x + output.forward(attended);

    internal Tensor Mlp(Tensor x) => x + down.forward(functional.gelu(up.forward(mlpNorm.forward(x))));

    // [N, 3·D] → [N, D]
    Tensor Attend(Tensor projected, long batch, Tensor mask)
    {
        var length = projected.shape[0] / batch;
        // [B, T, 3, H, d] → three of [B·H, T, d]
        var parts = projected.view(batch, length, 3, heads, head).permute(2, 0, 3, 1, 4).reshape(3, batch * heads, length, head).unbind(0);
        var scores = mask.baddbmm(parts[0], parts[1].transpose(1, 2), alpha: (float)(1 / Math.Sqrt(head)));
        var found = scores.softmax(-1).bmm(parts[2]);
        // [B, H, T, d] → [N, D]
        return found.view(batch, heads, length, head).transpose(1, 2).reshape(batch * length, heads * head);
    }

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
