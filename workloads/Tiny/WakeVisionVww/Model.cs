using TorchSharp.Modules;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tiny.WakeVisionVww;

/// <summary>A person detector small enough for a microcontroller: every layer halves the picture (after Banbury et al., 2024).</summary>
public sealed class WakeVisionModel : Module<Tensor, Tensor>, IPlainForm
{
    readonly Conv2d stem;
    readonly BatchNorm2d stemNorm;
    readonly ModuleList<DepthwiseSeparable> blocks = new();
    readonly Linear classifier;
    readonly ConvolutionChain convolutions;

    public WakeVisionModel(IReadOnlyList<int> channels, int classes) : base(nameof(WakeVisionModel))
    {
        stem = Conv2d(1, channels[0], kernel_size: 3, stride: 2, padding: 1, bias: false);
        stemNorm = BatchNorm2d(channels[0]);
        for (var i = 0; i + 1 < channels.Count; i++) blocks.Add(new DepthwiseSeparable(channels[i], channels[i + 1], stride: 2));
        classifier = Linear(channels[^1], classes);
        RegisterComponents();
        convolutions = new(stem, stemNorm, blocks);
    }

    /// <summary>Convolutions by libtorch's operators instead of those of <see cref="ConvolutionChain"/>, which compute the same several times faster.</summary>
    public bool IsPlain { get; set; }

    // x [B, 1, 96, 96] → logits [B, classes]
    public override Tensor forward(Tensor x) =>
        classifier.call(IsPlain || !convolutions.Takes(x) ? PlainConvolutions(x) : convolutions.Of(x));

    // x [B, 1, ...] → [B, C]
    Tensor PlainConvolutions(Tensor x)
    {
        x = F.relu(stemNorm.call(stem.call(x)));      // [B, 16, 48, 48]
        foreach (var block in blocks) x = block.call(x);          // [B, 64, 6, 6]
        return F.global_avg_pool2d(x);                            // average over the picture
    }
}
