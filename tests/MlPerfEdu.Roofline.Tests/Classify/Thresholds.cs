using MlPerfEdu.Roofline.Classify;

namespace MlPerfEdu.Roofline.Tests.Classify;

static class Thresholds
{
    /// <summary>The seed's: half and four times the cache, half and twice the ridge, a quarter and half of the roof.</summary>
    public static RegimeThresholds Usual { get; } = new(new(0.5, 4), new(0.5, 2), new(0.25, 0.5, 0.5));
}
