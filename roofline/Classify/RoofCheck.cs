using System.Globalization;
using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Classify;

/// <summary>Nothing runs above its roof: when a point seems to, the roof or the count is wrong.</summary>
public static class RoofCheck
{
    public static IReadOnlyList<string> Problems(RooflinePoint point, MachinePeaks peaks)
    {
        var problems = new List<string>();
        if (point.ComputeShare.Low > RooflinePoint.Accuracy)
        {
            problems.Add(Text("FLOP/s", point.FlopsPerSecond.Low, point.Compute.Middle, Suspect(point.FlopsPerSecond.Low, Nominal(peaks))));
        }

        // Traffic is counted per operator. What the next operator finds in a cache exceeds the memory's roof,
        // but not the roof of the fastest level.
        var fastest = FastestLevel(peaks);
        if (point.BytesPerSecond.Low > RooflinePoint.Accuracy * fastest)
        {
            problems.Add(Text("B/s", point.BytesPerSecond.Low, fastest,
                "The byte count is suspect: no level of this machine's memory was measured that fast."));
        }

        return problems;
    }

    // The FMA kernel is independent of libtorch: below its roof the matrix product was measured too slow, above it the count is impossible.
    static string Suspect(double rate, double nominal) => rate <= RooflinePoint.Accuracy * nominal
        ? "The roof is suspect: the FMA kernel of the same machine is faster; measure the peaks again on an idle machine."
        : "The FLOP count is suspect: even the FMA kernel does not reach this rate.";

    static double Nominal(MachinePeaks peaks) => peaks.Find(PeakKind.Fma)?.Best ?? 0;

    static double FastestLevel(MachinePeaks peaks) => peaks.Series
        .Where(series => series.Unit == PeakSeries.Bytes)
        .Select(series => series.Best)
        .DefaultIfEmpty(0)
        .Max();

    static string Text(string unit, double rate, double roof, string suspect) => string.Create(
        CultureInfo.InvariantCulture, $"The step runs at {rate:0.###e+0} {unit}, above its roof of {roof:0.###e+0} {unit}. {suspect}");
}
