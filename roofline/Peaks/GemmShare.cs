
namespace MlPerfEdu.Roofline.Peaks;

/// <summary>How much of the multiply-add roof the best matrix product reaches: medians of samples that were taken in turn.</summary>
/// <param name="Size">Rows of that product.</param>
/// <param name="Bits">Of the fastest vectors.</param>
/// <param name="Bound">Why it does not reach the whole roof.</param>
public sealed record GemmShare(int Threads, long Size, long Bits, double Share, string Bound)
{
    public const double Expected = 0.9;

    // A tenth above is noise; more is a kernel that misses some of the machine's units.
    const double Accuracy = 1.1;

    // Neighbours that take more than this away take it from the two kernels unequally.
    const double Quiet = 0.03;

    // Nearer than this, more threads help a product as much as they help the kernel.
    const double SameGain = 0.97;

    public static IReadOnlyList<GemmShare> Of(MachinePeaks peaks)
    {
        var shares = new List<GemmShare>();
        foreach (var threads in peaks.Series.Where(series => series.Kind == PeakKind.Gemm).Select(series => series.Threads).Distinct().Order())
        {
            if (Fastest(peaks, PeakKind.Gemm, threads) is { } gemm && Fastest(peaks, PeakKind.Fma, threads) is { } fma)
                shares.Add(new(threads, gemm.Size, fma.Size, gemm.Median / fma.Median, BoundOf(peaks, gemm, fma)));
        }

        return shares;
    }

    static PeakSeries? Fastest(MachinePeaks peaks, PeakKind kind, int threads) => Of(peaks, kind, threads).MaxBy(series => series.Median);

    static string BoundOf(MachinePeaks peaks, PeakSeries gemm, PeakSeries fma)
    {
        var share = gemm.Median / fma.Median;
        if (share > Accuracy)
            return "nothing seen here: it is above the roof, so the C# kernel is suspect; libtorch uses units that it does not reach";
        var spread = Math.Max(Statistics.RelativeSpread(gemm.Samples), Statistics.RelativeSpread(fma.Samples));
        if (spread > Quiet)
            return $"something undecided: samples vary by {spread:0%}, others used the cores; measure again on an idle machine";
        if (share >= Expected)
            return "the multiply-add units";
        var tile = (Fastest(peaks, PeakKind.FmaTile, gemm.Threads)?.Median ?? fma.Median) / fma.Median;
        if (tile < Expected)
            return $"loads: the inner loop of a product alone, all in L1, reaches {tile:0%}";
        if (Gains(peaks, gemm.Threads) is { } gains && gains.Gemm < SameGain * gains.Fma)
            return $"threads: {gemm.Threads} multiply {gains.Gemm:0.00} times as fast as one, the C# kernel {gains.Fma:0.00} times";
        var endless = Endless(peaks, gemm.Threads) / fma.Median;
        var cause = endless < Expected ? "the library's own kernel" : "packing and traffic between caches";
        var sizes = Of(peaks, PeakKind.Gemm, fma.Threads).Select(series => $"{series.Size} rows {series.Median / fma.Median:0%}");
        return $"{cause}: a product so large that what grows with its operands vanishes would reach {endless:0%}, and its inner loop "
            + $"alone in L1 reaches {tile:0%}; {string.Join(", ", sizes)}";
    }

    /// <summary>How many times the rate of one thread; absent for one thread.</summary>
    static (double Gemm, double Fma)? Gains(MachinePeaks peaks, int threads)
    {
        return threads > 1 && Gain(PeakKind.Gemm) is { } gemm && Gain(PeakKind.Fma) is { } fma ? (gemm, fma) : null;

        double? Gain(PeakKind kind) => Fastest(peaks, kind, threads)?.Median / Fastest(peaks, kind, 1)?.Median;
    }

    /// <summary>The rate that the sizes tend to: work of n³ with overhead of n² takes 1/rate + overhead/n per FLOP, a straight line over 1/n.</summary>
    static double Endless(MachinePeaks peaks, int threads)
    {
        (double X, double Y)[] points = [.. Of(peaks, PeakKind.Gemm, threads).Select(series => (1.0 / series.Size, 1 / series.Median))];
        var (x, y) = (points.Average(point => point.X), points.Average(point => point.Y));
        var spread = points.Sum(point => (point.X - x) * (point.X - x));
        var slope = spread > 0 ? points.Sum(point => (point.X - x) * (point.Y - y)) / spread : 0;
        return 1 / (y - slope * x);
    }

    static IEnumerable<PeakSeries> Of(MachinePeaks peaks, PeakKind kind, int threads) =>
        peaks.Series.Where(series => series.Kind == kind && series.Threads == threads);
}
