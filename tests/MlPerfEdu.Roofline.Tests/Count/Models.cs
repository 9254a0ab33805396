using MlPerfEdu.Roofline.Count;

namespace MlPerfEdu.Roofline.Tests.Count;

/// <summary>Models whose parameters and multiply-adds are known, stated layer by layer.</summary>
static class Models
{
    public static StepCounter DsCnn(int batch)
    {
        var counter = new StepCounter(batch, 1, 40, 101)
            .Conv2d("stem", 64, (10, 4), stride: 2, padding: (4, 1), bias: false).BatchNorm("stem norm").Relu("stem relu");
        foreach (var channels in new[] { 64, 64, 48, 48 })
            Separable(counter, channels, stride: 1);
        return counter.GlobalAveragePool("pool").Linear("head", 12).CrossEntropy();
    }

    public static StepCounter Vww(int batch)
    {
        var counter = new StepCounter(batch, 1, 96, 96)
            .Conv2d("stem", 16, 3, stride: 2, padding: 1, bias: false).BatchNorm("stem norm").Relu("stem relu");
        foreach (var channels in new[] { 32, 64, 64 })
            Separable(counter, channels, stride: 2);
        return counter.GlobalAveragePool("pool").Linear("head", 2).CrossEntropy();
    }

    public static StepCounter AutoEncoder(int batch)
    {
        var counter = new StepCounter(batch, 784);
        foreach (var width in new[] { 128, 128, 128, 128, 8, 128, 128, 128, 128 })
            counter.Linear($"to {width}", width).Relu("relu");
        return counter.Linear("out", 784).MeanSquaredError(targetIsInput: true);
    }

    public static StepCounter ResNet18(int batch)
    {
        var counter = new StepCounter(batch, 3, 32, 32)
            .Conv2d("stem", 64, 3, padding: 1, bias: false).BatchNorm("stem norm").Relu("stem relu");
        foreach (var (channels, stride) in new[] { (64, 1), (128, 2), (256, 2), (512, 2) })
        {
            BasicBlock(counter, channels, stride);
            BasicBlock(counter, channels, 1);
        }

        return counter.GlobalAveragePool("pool").Linear("head", 100).CrossEntropy();
    }

    public static StepCounter MobileNetV2(int batch)
    {
        var counter = new StepCounter(batch, 3, 32, 32)
            .Conv2d("stem", 32, 3, padding: 1, bias: false).BatchNorm("stem norm").Relu("stem relu");
        (int Expansion, int Channels, int Blocks, int Stride)[] stages =
            [(1, 16, 1, 1), (6, 24, 2, 1), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)];
        foreach (var (expansion, channels, blocks, stride) in stages)
        {
            for (var block = 0; block < blocks; block++)
                InvertedResidual(counter, expansion, channels, block == 0 ? stride : 1);
        }

        return counter
            .Conv2d("last", 1280, 1, bias: false).BatchNorm("last norm").Relu("last relu")
            .GlobalAveragePool("pool").Linear("head", 100).CrossEntropy();
    }

    static void Separable(StepCounter counter, int channels, int stride) => counter
        .Conv2d("depthwise", counter.Shape[1], 3, stride, padding: 1, groups: (int)counter.Shape[1], bias: false)
        .BatchNorm("depthwise norm").Relu("depthwise relu")
        .Conv2d("pointwise", channels, 1, bias: false).BatchNorm("pointwise norm").Relu("pointwise relu");

    static void BasicBlock(StepCounter counter, int channels, int stride)
    {
        var projected = stride != 1 || counter.Shape[1] != channels;
        counter.Residual(
            "block",
            body => body
                .Conv2d("a", channels, 3, stride, padding: 1, bias: false).BatchNorm("a norm").Relu("a relu")
                .Conv2d("b", channels, 3, padding: 1, bias: false).BatchNorm("b norm"),
            projected ? shortcut => shortcut.Conv2d("shortcut", channels, 1, stride, bias: false).BatchNorm("shortcut norm") : null)
            .Relu("block relu");
    }

    static void InvertedResidual(StepCounter counter, int expansion, int channels, int stride)
    {
        if (stride == 1 && counter.Shape[1] == channels)
            counter.Residual("block", body => Body(body));
        else
            Body(counter);

        void Body(StepCounter body)
        {
            var wide = expansion * body.Shape[1];
            if (expansion != 1)
                body.Conv2d("expand", wide, 1, bias: false).BatchNorm("expand norm").Relu("expand relu");
            body.Conv2d("depthwise", wide, 3, stride, padding: 1, groups: (int)wide, bias: false).BatchNorm("depthwise norm").Relu("depthwise relu")
                .Conv2d("project", channels, 1, bias: false).BatchNorm("project norm");
        }
    }
}
