using MlPerfEdu.Roofline.Classify;

namespace MlPerfEdu.Roofline;

public static class Statistics
{
    public static double Median(IReadOnlyList<double> samples)
    {
        if (samples.Count == 0)
            throw new ArgumentException("No samples: a median needs at least one.", nameof(samples));
        var sorted = samples.Order().ToArray();
        var half = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /// <summary>Median distance from the median, as a part of it.</summary>
    public static double RelativeSpread(IReadOnlyList<double> samples)
    {
        var median = Median(samples);
        return Median([.. samples.Select(sample => Math.Abs(sample - median))]) / median;
    }

    /// <summary>
    /// Where the median lies, whatever the distribution: the two order statistics that enclose it with at least this confidence.
    /// Absent when there are too few samples to say so.
    /// </summary>
    public static Interval? MedianInterval(IReadOnlyList<double> samples, double confidence)
    {
        var n = samples.Count;
        // P(fewer than `rank` samples lie below the median) for Binomial(n, 1/2), summed from its first term.
        var term = Math.Pow(0.5, n);
        var tail = 0.0;
        var rank = 0;
        while (rank < n && tail + term <= (1 - confidence) / 2)
        {
            tail += term;
            term *= (double)(n - rank) / (rank + 1);
            rank++;
        }

        if (rank == 0)
            return null;
        var sorted = samples.Order().ToArray();
        return new Interval(sorted[rank - 1], sorted[n - rank]);
    }
}
