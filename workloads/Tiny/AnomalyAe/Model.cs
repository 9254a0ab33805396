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
    }

    internal IReadOnlyList<Linear> Layers => [.. layers];

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
