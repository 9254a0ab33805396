using System.Globalization;

namespace MlPerfEdu.Generator;

/// <summary>An interval whose ends may be excluded.</summary>
internal sealed record NumberRange(double Least, double Most, bool WithLeast = true, bool WithMost = true)
{
    public static readonly NumberRange Any = new(double.NegativeInfinity, double.PositiveInfinity);
    public static readonly NumberRange NotNegative = new(0, double.PositiveInfinity);
    public static readonly NumberRange Positive = new(0, double.PositiveInfinity, WithLeast: false);

    /// <summary>0 and 1 included.</summary>
    public static readonly NumberRange Share = new(0, 1);

    /// <summary>Above 0, up to 1.</summary>
    public static readonly NumberRange Fraction = new(0, 1, WithLeast: false);

    /// <summary>0 and 1 excluded.</summary>
    public static readonly NumberRange Inside = new(0, 1, WithLeast: false, WithMost: false);

    /// <summary>From 0, below 1.</summary>
    public static readonly NumberRange Decay = new(0, 1, WithMost: false);

    /// <summary>A count that fits an array index.</summary>
    public static readonly NumberRange Count = new(1, int.MaxValue);

    public static readonly NumberRange Seed = new(0, long.MaxValue);

    public bool Holds(double value) =>
        (WithLeast ? value >= Least : value > Least) && (WithMost ? value <= Most : value < Most);

    public override string ToString()
    {
        var low = double.IsInfinity(Least) ? null : $"{(WithLeast ? "at least" : "above")} {Spelled(Least)}";
        var high = double.IsInfinity(Most) ? null : $"{(WithMost ? "at most" : "below")} {Spelled(Most)}";
        return (low, high) switch
        {
            (null, null) => "a finite number",
            (_, null) => $"a number {low}",
            (null, _) => $"a number {high}",
            _ => $"a number {low} and {high}",
        };
    }

    static string Spelled(double bound) => bound.ToString("0", CultureInfo.InvariantCulture);
}
