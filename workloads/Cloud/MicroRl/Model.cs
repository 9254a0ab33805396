using TorchSharp.Modules;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;

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

/// <summary>REINFORCE (Williams, 1992) with a learned value as the baseline.</summary>
static class PolicyLoss
{
    /// <summary>Beside the deviation, which may be zero.</summary>
    public const double Epsilon = 1e-8;

    /// <summary>
    /// −mean(log π(action) · advantage) + mean((value − return)²)/2. The advantage is the return minus the value, brought to mean 0
    /// and deviation 1, and a constant as far as gradients go.
    /// </summary>
    /// <param name="logits">[T, actions]</param>
    /// <param name="values">[T]</param>
    /// <param name="actions">[T]</param>
    /// <param name="returns">[T]</param>
    public static Tensor Of(Tensor logits, Tensor values, Tensor actions, Tensor returns)
    {
        // [T, 1] with [T] would broadcast to [T, T] silently, and nothing would be learned.
        var steps = logits.shape[0];
        Expect("logits", logits, 2, steps);
        Expect("values", values, 1, steps);
        Expect("actions", actions, 1, steps);
        Expect("returns", returns, 1, steps);

        var chosen = F.log_softmax(logits, 1).gather(1, actions.unsqueeze(1)).squeeze(1);
        var advantages = (returns - values).detach();
        if (steps > 1) advantages = (advantages - advantages.mean()) / (advantages.std() + Epsilon);
        ModuleCounter.Active?.Add(
            ElementwiseCount.Of("advantage", "policy loss", logits.shape, 8, 2, inPlace: false, logits.requires_grad), logits, []);
        return F.mse_loss(values, returns, "value loss") / 2 - (chosen * advantages).mean();
    }

    static void Expect(string name, Tensor tensor, int dimensions, long steps)
    {
        if (tensor.dim() == dimensions && tensor.shape[0] == steps) return;
        throw new ArgumentException(
            $"{name} of shape [{string.Join(", ", tensor.shape)}] → expected {dimensions} dimension(s), the first of {steps} "
            + "→ squeeze or reshape it before the loss.",
            name);
    }
}
