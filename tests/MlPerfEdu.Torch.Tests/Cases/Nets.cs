using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MlPerfEdu.Torch.Tests.Cases;

/// <summary>The twin of Residual in Fixtures/parity/nets.py.</summary>
internal sealed class Residual : Module<Tensor, Tensor>
{
    private readonly LayerNorm norm = LayerNorm(4);
    private readonly Sequential mlp = Sequential(Linear(4, 6), GELU(), Linear(6, 4));
    private readonly Parameter scale = Parameter(full(4, 0.5f));

    public Residual() : base(nameof(Residual)) => RegisterComponents();

    public override Tensor forward(Tensor x) => x + scale * mlp.call(norm.call(x));
}

/// <summary>The twin of Separable in Fixtures/parity/nets.py.</summary>
internal sealed class Separable : Module<Tensor, Tensor>
{
    private readonly ModuleList<Module<Tensor, Tensor>> blocks =
        ModuleList<Module<Tensor, Tensor>>(Conv2d(2, 2, 3, padding: 1, groups: 2, bias: false), BatchNorm2d(2), Conv2d(2, 3, 1));

    private readonly Linear head = Linear(3, 2);

    public Separable() : base(nameof(Separable)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        foreach (var block in blocks)
            x = functional.relu(block.call(x));
        return head.call(x.mean([2, 3]));
    }
}
