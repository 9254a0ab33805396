using System.Globalization;

namespace MlPerfEdu.Roofline.Evidence;

public enum QualityBound
{
    AtLeast,
    AtMost,
}

/// <summary>A metric, what is asked of it, and what it was.</summary>
public sealed record QualityCheck(string Metric, QualityBound Bound, double Limit, double Value)
{
    /// <summary>A value that is not a number never meets a target.</summary>
    public bool Met => Bound == QualityBound.AtLeast ? Value >= Limit : Value <= Limit;

    public override string ToString() =>
        $"{Metric} {Text(Value)} {(Bound == QualityBound.AtLeast ? "at least" : "at most")} {Text(Limit)}: {(Met ? "met" : "missed")}";

    /// <summary>Four decimals, or three digits of what would vanish in them.</summary>
    public static string Text(double value) =>
        value.ToString(Math.Abs(value) is > 0 and < 1e-3 ? "0.##e-0" : "0.####", CultureInfo.InvariantCulture);
}

/// <summary>The target's metric after so many training steps.</summary>
public sealed record QualityPoint(long Step, double Value);

/// <summary>How well the model does.</summary>
/// <param name="Target">Of a model that answers queries, the first of its checks.</param>
/// <param name="Constraints">Asked beside the target.</param>
/// <param name="Curve">In the order measured; its last point need not be the target's value when the best one is kept.</param>
/// <param name="Metrics">Everything else that was measured, such as the recall of each class.</param>
public sealed record QualityRecord(
    QualityCheck Target, IReadOnlyList<QualityCheck> Constraints, IReadOnlyList<QualityPoint> Curve, IReadOnlyDictionary<string, double> Metrics)
{
    public bool Met => Target.Met && Constraints.All(constraint => constraint.Met);
}
