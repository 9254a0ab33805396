using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = MlPerfEdu.Roofline.Count.Counted;

namespace MlPerfEdu.Workloads.Cloud.MicroRl;

/// <summary>Linear layers with a hyperbolic tangent between them: what to do in a state, or what a state is worth.</summary>
public sealed class TanhNetwork : Module<Tensor, Tensor>
{
    readonly ModuleList<Linear> layers = new();

    public TanhNetwork(params IReadOnlyList<int> widths) : base(nameof(TanhNetwork))
    {
        for (var i = 1; i < widths.Count; i++) layers.Add(Linear(widths[i - 1], widths[i]));
        RegisterComponents();
    }

    internal IReadOnlyList<Linear> Layers => [.. layers];

    // x [T, observed] → [T, outputs]
    public override Tensor forward(Tensor x)
    {
        for (var i = 0; i < layers.Count; i++)
        {
            x = layers[i].call(x);
            if (i + 1 < layers.Count) x = F.tanh(x);
        }
        return x;
    }
}
