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

    public static Interval operator *(Interval left, Interval right) => new(left.Low * right.Low, left.High * right.High);

    public static Interval operator *(double factor, Interval interval) => new(factor * interval.Low, factor * interval.High);

    public static Interval operator /(Interval left, Interval right) => new(left.Low / right.High, left.High / right.Low);

    public static Interval operator /(double value, Interval interval) => new(value / interval.High, value / interval.Low);

    public static Interval operator /(Interval interval, double value) => new(interval.Low / value, interval.High / value);

    public static Interval Max(Interval left, Interval right) =>
        new(Math.Max(left.Low, right.Low), Math.Max(left.High, right.High));

    public static Interval Multiply(Interval left, Interval right) => left * right;

    public static Interval Divide(Interval left, Interval right) => left / right;
}
