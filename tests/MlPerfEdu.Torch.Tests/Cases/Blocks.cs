using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MlPerfEdu.Torch.Tests.Cases;

/// <summary>The twin of Unet in Fixtures/parity/nets.py.</summary>
internal sealed class Unet : Module<Tensor, Tensor>
{
    private readonly Conv2d down = Conv2d(1, 2, 3, padding: 1);
    private readonly GroupNorm norm = GroupNorm(1, 2);
    private readonly Conv2d middle = Conv2d(2, 4, 3, padding: 1);
    private readonly ConvTranspose2d up = ConvTranspose2d(4, 2, 2, stride: 2);
    private readonly Conv2d @out = Conv2d(4, 1, 1);

    public Unet() : base(nameof(Unet)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        var wide = functional.silu(norm.call(down.call(x)));
        var narrow = functional.relu(middle.call(functional.max_pool2d(wide, 2)));
        return @out.call(cat([wide, up.call(narrow)], 1));
    }
}

/// <summary>The twin of InvertedResidual in Fixtures/parity/nets.py.</summary>
internal sealed class InvertedResidual : Module<Tensor, Tensor>
{
    private readonly Sequential block = Sequential(
        Conv2d(2, 6, 1, bias: false), BatchNorm2d(6), ReLU6(),
        Conv2d(6, 6, 3, padding: 1, groups: 6, bias: false), BatchNorm2d(6), ReLU6(),
        Conv2d(6, 2, 1, bias: false), BatchNorm2d(2));

    public InvertedResidual() : base(nameof(InvertedResidual)) => RegisterComponents();

    public override Tensor forward(Tensor x) => x + block.call(x);
}

/// <summary>The twin of LlamaBlock in Fixtures/parity/nets.py, with the library's own attention.</summary>
internal sealed class LlamaBlock : Module<Tensor, Tensor>
{
    private readonly Linear qkv = Linear(4, 12, hasBias: false);
    private readonly Linear gate_up = Linear(4, 12, hasBias: false);
    private readonly Linear down = Linear(6, 4, hasBias: false);

    public LlamaBlock() : base(nameof(LlamaBlock)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        var parts = qkv.call(Norm(x)).view(1, 3, 3, 2, 2).permute(2, 0, 3, 1, 4).unbind();
        var attended = functional.scaled_dot_product_attention(Rotated(parts[0]), Rotated(parts[1]), parts[2], is_casual: true);
        x = x + attended.transpose(1, 2).flatten(2);
        var gated = gate_up.call(Norm(x)).chunk(2, -1);
        return x + down.call(functional.silu(gated[0]) * gated[1]);
    }

    private static Tensor Norm(Tensor x) => x * rsqrt(x.square().mean([-1], keepdim: true) + 1e-5);

    private static Tensor Rotated(Tensor x)
    {
        var angle = arange(3.0f).unsqueeze(-1);
        var halves = x.chunk(2, -1);
        return cat([halves[0] * angle.cos() - halves[1] * angle.sin(), halves[0] * angle.sin() + halves[1] * angle.cos()], -1);
    }
}
