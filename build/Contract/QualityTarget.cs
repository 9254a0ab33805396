namespace MlPerfEdu.Contract;

/// <summary>A bound on a metric: the target of a workload, or a check of an inference or an experiment.</summary>
/// <param name="Line">Its line in workloads.yaml.</param>
public sealed record QualityTarget(string Metric, QualityBound Bound, double Limit, int Line)
{
    public bool IsMetBy(double value) => Bound.Holds(value, Limit);
}

/// <summary>A metric, its required limit, and its value.</summary>
public sealed record QualityCheck(string Metric, QualityBound Bound, double Limit, double Value)
{
    public bool Met => Bound.Holds(Value, Limit);

    public static QualityCheck Of(QualityTarget target, double value) => new(target.Metric, target.Bound, target.Limit, value);

    public override string ToString() => $"{Metric} {Text(Value)} {Bound.Words()} {Text(Limit)}: {(Met ? "met" : "missed")}";

    /// <summary>Four decimals, or three digits of what would vanish in them.</summary>
    public static string Text(double value) => value.ToString(Math.Abs(value) is > 0 and < 1e-3 ? "0.##e-0" : "0.####");
}

public enum QualityBound
{
    AtLeast,
    AtMost,
}

public static class QualityBounds
{
    /// <summary>A value that is not a number never meets a bound.</summary>
    public static bool Holds(this QualityBound bound, double value, double limit) => bound == QualityBound.AtLeast ? value >= limit : value <= limit;

    public static string Words(this QualityBound bound) => bound == QualityBound.AtLeast ? "at least" : "at most";

    public static string Sign(this QualityBound bound) => bound == QualityBound.AtLeast ? "≥" : "≤";
}
