using MlPerfEdu.Roofline.Classify;

namespace MlPerfEdu.Roofline.Peaks;

/// <summary>Where streaming over a growing set turns from cache speed to memory speed.</summary>
public static class CapacityKnee
{
    // Two plateaus nearer than this are one plateau and its noise.
    const double LeastRise = 1.2;

    /// <summary>Largest set before the knee and smallest after it; absent when there is no knee.</summary>
    public static Interval? Find(IReadOnlyList<CapacityPoint> points)
    {
        var ordered = points.OrderBy(point => point.SetBytes).ToArray();
        // In logarithms, so that a slow outlier weighs as much as a fast one.
        var smooth = IsotonicRegression.Increasing([.. ordered.Select(point => Math.Log(point.SecondsPerByte))]);
        if (smooth.Length < 2 || smooth[^1] - smooth[0] < Math.Log(LeastRise))
            return null;
        var half = (smooth[0] + smooth[^1]) / 2;
        var after = Array.FindIndex(smooth, value => value > half);
        return new Interval(ordered[after - 1].SetBytes, ordered[after].SetBytes);
    }
}
