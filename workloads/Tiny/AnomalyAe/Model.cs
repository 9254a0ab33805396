using TorchSharp.Modules;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tiny.AnomalyAe;

/// <summary>
/// The fully connected auto-encoder of anomaly detection (Koizumi et al., 2019): what it has learned to rebuild is
/// normal, and what it rebuilds badly is not. Inputs → hidden × depth → code → hidden × depth → inputs.
/// </summary>
public sealed class AnomalyAeModel : Module<Tensor, Tensor>
{
    readonly ModuleList<Linear> layers = new();

    public AnomalyAeModel(int inputs, int hidden, int depth, int code) : base(nameof(AnomalyAeModel))
    {
        int[] widths = [inputs, .. Enumerable.Repeat(hidden, depth), code, .. Enumerable.Repeat(hidden, depth), inputs];
        for (var i = 0; i + 1 < widths.Length; i++) layers.Add(Linear(widths[i], widths[i + 1]));
        RegisterComponents();
        Start(code: layers[depth]);
    }

    // PyTorch's own start makes a signal smaller by √6 at each layer: the code would see little but biases, and half of its units would
    // never wake. So layers start as for ReLU (He et al., 2015), except the last, which has none after it.
    void Start(Linear code)
    {
        foreach (var layer in layers.SkipLast(1))
        {
            init.kaiming_normal_(layer.weight);
            init.zeros_(layer.bias!);
        }
        // What it reads is never negative, so with such weights every unit of the code is alive.
        using var frozen = no_grad();
        code.weight.abs_();
    }

    internal IReadOnlyList<Linear> Layers => [.. layers];

    // x [B, inputs] → [B, code]
    internal Tensor Code(Tensor x) => layers.Take(layers.Count / 2).Aggregate(x, (rows, layer) => F.relu(layer.call(rows)));

    // x [B, inputs] → [B, inputs]; ReLU after every layer but the last, whose output is linear
    public override Tensor forward(Tensor x)
    {
        for (var i = 0; i < layers.Count; i++)
        {
            x = layers[i].call(x);
            if (i + 1 < layers.Count) x = F.relu(x);
        }
        return x;
    }
}
