using System.Text.Json.Serialization;

namespace MlPerfEdu.Roofline.Classify;

/// <summary>A measured positive quantity: it lies between these two, with the confidence stated beside it.</summary>
public readonly record struct Interval(double Low, double High)
{
    public static Interval Exactly(double value) => new(value, value);

    [JsonIgnore]
    public double Middle => (Low + High) / 2;

    public override string ToString() => FormattableString.Invariant($"{Low:0.####} to {High:0.####}");

    /// <summary>Whether it has something on both sides of the edge.</summary>
    public bool Crosses(double edge) => Low <= edge && edge <= High && Low < High;

    /// <summary>The smallest interval that covers both.</summary>
    public Interval Span(Interval other) => new(Math.Min(Low, other.Low), Math.Max(High, other.High));

    /// <summary>Every value that may be off by this factor.</summary>
    public Interval Widened(double factor) => new(Low / factor, High * factor);

    public static Interval operator /(double value, Interval interval) => new(value / interval.High, value / interval.Low);

    public static Interval Divide(double value, Interval interval) => value / interval;
}
