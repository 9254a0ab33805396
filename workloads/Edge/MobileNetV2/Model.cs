using MlPerfEdu.Numerics;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Edge.MobileNetV2;

/// <summary>MobileNetV2 (Sandler et al., 2018) for pictures of 32×32: stem and second stage keep the size, so that 4×4 places are left at the end.</summary>
public sealed class MobileNetV2Model : Module<Tensor, Tensor>, IPlainForm
{
    readonly Conv2d stem, head;
    readonly BatchNorm2d stemNorm, headNorm;
    readonly ModuleList<InvertedResidual> blocks = new();
    readonly Linear classifier;
    readonly ConvolutionChain convolutions;

    public MobileNetV2Model(MobileNetV2Sizes sizes) : base(nameof(MobileNetV2Model))
    {
        stem = Conv2d(3, sizes.Stem, kernel_size: 3, padding: 1, bias: false);
        stemNorm = BatchNorm2d(sizes.Stem);
        var channels = sizes.Stem;
        foreach (var stage in sizes.Stages)
        {
            for (var i = 0; i < stage.Blocks; i++, channels = stage.Channels)
                blocks.Add(new InvertedResidual(channels, stage.Channels, stage.Expansion, i == 0 ? stage.Stride : 1));
        }
        head = Conv2d(channels, sizes.Head, kernel_size: 1, bias: false);
        headNorm = BatchNorm2d(sizes.Head);
        classifier = Linear(sizes.Head, sizes.Classes);
        RegisterComponents();
        convolutions = new([
            new("stem", stem, stemNorm, ActivationRange.Relu6), .. blocks.SelectMany((block, i) => block.Layers(i)),
            new("head", head, headNorm, ActivationRange.Relu6)]);
    }

    /// <summary>Convolutions by libtorch's operators instead of those of <see cref="ConvolutionChain"/>, which compute the same faster.</summary>
    public bool IsPlain { get; set; }

    // x [B, 3, 32, 32] → logits [B, classes]
    public override Tensor forward(Tensor x) =>
        classifier.call(IsPlain || !convolutions.Takes(x) ? PlainConvolutions(x) : convolutions.Of(x));

    // x [B, 3, ...] → [B, C]
    Tensor PlainConvolutions(Tensor x)
    {
        x = F.relu6(stemNorm.call(stem.call(x)));       // [B, 32, 32, 32]
        foreach (var block in blocks) x = block.call(x);            // [B, 320, 4, 4]
        x = F.relu6(headNorm.call(head.call(x)));       // [B, 1280, 4, 4]
        return F.global_avg_pool2d(x);                              // average over the picture
    }
}

/// <summary>The sizes of a MobileNetV2.</summary>
/// <param name="Stem">Channels after the first convolution.</param>
/// <param name="Head">Channels before the average over the picture.</param>
public sealed record MobileNetV2Sizes(int Stem, IReadOnlyList<MobileNetV2Stage> Stages, int Head, int Classes)
{
    public static MobileNetV2Sizes Of(Geometry geometry)
    {
        var (expansions, channels, blocks, strides) = (geometry.Ints("expansions"), geometry.Ints("channels"), geometry.Ints("blocks"), geometry.Ints("strides"));
        foreach (var (key, list) in new[] { ("expansions", expansions), ("blocks", blocks), ("strides", strides) })
            if (list.Count != channels.Count) throw geometry.Refuse(key, $"{channels.Count} numbers, as many as channels");
        return new(geometry.Int("stem"), [.. channels.Select((count, i) => new MobileNetV2Stage(expansions[i], count, blocks[i], strides[i]))],
            geometry.Int("head"), geometry.Int("classes"));
    }
}

/// <summary>Blocks of the same width.</summary>
/// <param name="Expansion">How many times as many channels are between the convolutions of a block as before it.</param>
/// <param name="Stride">Of the first block.</param>
public sealed record MobileNetV2Stage(int Expansion, int Channels, int Blocks, int Stride);

/// <summary>
/// More channels (1×1), a 3×3 convolution of every channel by itself, few channels again (1×1) without an activation; the input is added where it
/// has the same shape.
/// </summary>
public sealed class InvertedResidual : Module<Tensor, Tensor>
{
    readonly Conv2d? expand;
    readonly BatchNorm2d? expandNorm;
    readonly Conv2d depthwise, project;
    readonly BatchNorm2d depthwiseNorm, projectNorm;
    readonly bool addsInput;

    public InvertedResidual(int channelsIn, int channelsOut, int expansion, int stride) : base(nameof(InvertedResidual))
    {
        var between = channelsIn * expansion;
        if (expansion > 1) (expand, expandNorm) = (Conv2d(channelsIn, between, kernel_size: 1, bias: false), BatchNorm2d(between));
        depthwise = Conv2d(between, between, kernel_size: 3, stride: stride, padding: 1, groups: between, bias: false);
        depthwiseNorm = BatchNorm2d(between);
        project = Conv2d(between, channelsOut, kernel_size: 1, bias: false);
        projectNorm = BatchNorm2d(channelsOut);
        addsInput = stride == 1 && channelsIn == channelsOut;
        RegisterComponents();
    }

    /// <summary>The convolutions in their order, each with the norm and the activation after it.</summary>
    internal IEnumerable<ChainLayer> Layers(int number)
    {
        if (expand is not null) yield return new($"{number}.{nameof(expand)}", expand, expandNorm!, ActivationRange.Relu6);
        yield return new($"{number}.{nameof(depthwise)}", depthwise, depthwiseNorm, ActivationRange.Relu6);
        yield return new($"{number}.{nameof(project)}", project, projectNorm, ActivationRange.All, addsInput ? Joint.Adds : Joint.Ends);
    }

    // x [B, Cin, H, W] → [B, Cout, H/stride, W/stride]
    public override Tensor forward(Tensor x)
    {
        var y = expand is null ? x : F.relu6(expandNorm!.call(expand.call(x)));
        y = F.relu6(depthwiseNorm.call(depthwise.call(y)));
        y = projectNorm.call(project.call(y));
        return addsInput ? F.add(x, y) : y;
    }
}
