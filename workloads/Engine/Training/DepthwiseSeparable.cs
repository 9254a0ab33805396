using MlPerfEdu.Numerics;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Engine.Training;

/// <summary>
/// A 3×3 convolution of every channel by itself, then a 1×1 convolution across channels (Howard et al., 2017),
/// each followed by batch normalisation and ReLU.
/// </summary>
public sealed class DepthwiseSeparable : Module<Tensor, Tensor>
{
    readonly Conv2d depthwise, pointwise;
    readonly BatchNorm2d depthwiseNorm, pointwiseNorm;

    public DepthwiseSeparable(int channelsIn, int channelsOut, int stride = 1) : base(nameof(DepthwiseSeparable))
    {
        depthwise = Conv2d(channelsIn, channelsIn, kernel_size: 3, stride: stride, padding: 1, groups: channelsIn, bias: false);
        depthwiseNorm = BatchNorm2d(channelsIn);
        pointwise = Conv2d(channelsIn, channelsOut, kernel_size: 1, bias: false);
        pointwiseNorm = BatchNorm2d(channelsOut);
        RegisterComponents();
    }

    /// <summary>The convolutions in their order, each with the norm that follows it.</summary>
    internal IEnumerable<ChainLayer> Layers(int number) =>
    [
        new($"{number}.{nameof(depthwise)}", depthwise, depthwiseNorm, ActivationRange.Relu),
        new($"{number}.{nameof(pointwise)}", pointwise, pointwiseNorm, ActivationRange.Relu),
    ];

    // x [B, Cin, H, W] → [B, Cout, H/stride, W/stride]
    public override Tensor forward(Tensor x)
    {
        x = F.relu(depthwiseNorm.call(depthwise.call(x)));
        return F.relu(pointwiseNorm.call(pointwise.call(x)));
    }
}
