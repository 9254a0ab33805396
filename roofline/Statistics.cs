using System.Text.Json.Serialization;

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

    /// <summary>The value with this share of the samples below it, between two neighbours in proportion.</summary>
    public static double Quantile(IReadOnlyList<double> samples, double share)
    {
        var sorted = samples.Order().ToArray();
        var place = share * (sorted.Length - 1);
        return Between(sorted[(int)Math.Floor(place)], sorted[(int)Math.Ceiling(place)], place);
    }

    /// <summary>What lies between two neighbours, in proportion to the fraction of the place.</summary>
    internal static double Between(double below, double above, double place) => below + (place - Math.Floor(place)) * (above - below);

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

/// <summary>A measured positive quantity lies between these two, with the confidence of the measurement.</summary>
public readonly record struct Interval(double Low, double High)
{
    public static Interval Exactly(double value) => new(value, value);

    [JsonIgnore]
    public double Middle => (Low + High) / 2;

    public override string ToString() => $"{Low:0.####} to {High:0.####}";

    /// <summary>Whether part of it lies on each side of the edge.</summary>
    public bool Crosses(double edge) => Low <= edge && edge <= High && Low < High;

    /// <summary>The smallest interval that covers both.</summary>
    public Interval Span(Interval other) => new(Math.Min(Low, other.Low), Math.Max(High, other.High));

    /// <summary>Every value that may be off by this factor.</summary>
    public Interval Widened(double factor) => new(Low / factor, High * factor);

    public static Interval operator /(double value, Interval interval) => new(value / interval.High, value / interval.Low);
    public static Interval Divide(double value, Interval interval) => value / interval;
}
