using TorchSharp.Modules;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Edge.ResNet18;

/// <summary>ResNet-18 (He et al., 2016) for pictures of 32×32: a stem of 3×3 that keeps the size, and no pooling after it.</summary>
public sealed class ResNet18Model : Module<Tensor, Tensor>
{
    readonly Conv2d stem;
    readonly BatchNorm2d stemNorm;
    readonly ModuleList<ResidualBlock> blocks = new();
    readonly Linear classifier;

    /// <param name="stages">Channels of each stage.</param>
    /// <param name="blocksPerStage">The first block of every stage but the first halves the picture.</param>
    public ResNet18Model(IReadOnlyList<int> stages, int blocksPerStage, int classes) : base(nameof(ResNet18Model))
    {
        stem = Conv2d(3, stages[0], kernel_size: 3, padding: 1, bias: false);
        stemNorm = BatchNorm2d(stages[0]);
        var channels = stages[0];
        foreach (var (stage, outputs) in stages.Index())
        {
            for (var i = 0; i < blocksPerStage; i++, channels = outputs) blocks.Add(new ResidualBlock(channels, outputs, stage > 0 && i == 0 ? 2 : 1));
        }
        classifier = Linear(channels, classes);
        RegisterComponents();
    }

    // x [B, 3, 32, 32] → logits [B, classes]
    public override Tensor forward(Tensor x)
    {
        x = F.relu(stemNorm.call(stem.call(x)));        // [B, 64, 32, 32]
        foreach (var block in blocks) x = block.call(x);            // [B, 512, 4, 4]
        return classifier.call(F.global_avg_pool2d(x));             // average over the picture
    }
}

/// <summary>Two convolutions of 3×3, added to what went in, or to a 1×1 convolution of it where the shape changes.</summary>
public sealed class ResidualBlock : Module<Tensor, Tensor>
{
    readonly Conv2d first, second;
    readonly BatchNorm2d firstNorm, secondNorm;
    readonly Conv2d? shortcut;
    readonly BatchNorm2d? shortcutNorm;

    public ResidualBlock(int channelsIn, int channelsOut, int stride) : base(nameof(ResidualBlock))
    {
        first = Conv2d(channelsIn, channelsOut, kernel_size: 3, stride: stride, padding: 1, bias: false);
        firstNorm = BatchNorm2d(channelsOut);
        second = Conv2d(channelsOut, channelsOut, kernel_size: 3, padding: 1, bias: false);
        secondNorm = BatchNorm2d(channelsOut);
        if (stride > 1 || channelsIn != channelsOut)
        {
            shortcut = Conv2d(channelsIn, channelsOut, kernel_size: 1, stride: stride, bias: false);
            shortcutNorm = BatchNorm2d(channelsOut);
        }
        RegisterComponents();
    }

    // x [B, Cin, H, W] → [B, Cout, H/stride, W/stride]
    public override Tensor forward(Tensor x)
    {
        var y = F.relu(firstNorm.call(first.call(x)));
        y = secondNorm.call(second.call(y));
        return F.relu(F.add(y, shortcut is null ? x : shortcutNorm!.call(shortcut.call(x))));
    }
}
