using MlPerfEdu.Roofline.Classify;

namespace MlPerfEdu.Roofline.Tests.Classify;

static class Thresholds
{
    /// <summary>The seed's: half and four times the cache, half and twice the ridge, a quarter and half of the roof.</summary>
    public static RegimeThresholds Usual { get; } = new(new(0.5, 4), new(0.5, 2), new(0.25, 0.5, 0.5));

    /// <summary>No two edges alike, so that none can stand in for another; all are exact in binary.</summary>
    public static RegimeThresholds AllDifferent { get; } = new(new(0.25, 5), new(0.375, 3), new(0.125, 0.625, 0.75));
}
