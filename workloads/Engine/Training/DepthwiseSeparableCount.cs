using MlPerfEdu.Roofline.Count;

namespace MlPerfEdu.Engine.Training;

static class DepthwiseSeparableCount
{
    /// <summary>The layers of <see cref="Training.DepthwiseSeparable"/>.</summary>
    public static StepCounter DepthwiseSeparable(this StepCounter counter, string block, int channelsOut, int stride = 1)
    {
        var channelsIn = (int)counter.Shape[1];
        return counter
            .Conv2d($"{block} depthwise", channelsIn, 3, stride, 1, groups: channelsIn, bias: false)
            .BatchNorm($"{block} depthwise norm").Relu($"{block} depthwise relu")
            .Conv2d($"{block} pointwise", channelsOut, 1, bias: false)
            .BatchNorm($"{block} pointwise norm").Relu($"{block} pointwise relu");
    }
}
