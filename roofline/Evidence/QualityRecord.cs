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

    public override string ToString() => FormattableString.Invariant(
        $"{Metric} {Value:0.####} {(Bound == QualityBound.AtLeast ? "at least" : "at most")} {Limit:0.####}: {(Met ? "met" : "missed")}");
}

/// <summary>The target's metric after so many training steps.</summary>
public sealed record QualityPoint(long Step, double Value);

/// <summary>How well the trained model does.</summary>
/// <param name="Constraints">Asked beside the target.</param>
/// <param name="Curve">In the order measured; its last point need not be the target's value when the best one is kept.</param>
/// <param name="Metrics">Everything else that was measured, such as the recall of each class.</param>
public sealed record QualityRecord(
    QualityCheck Target, IReadOnlyList<QualityCheck> Constraints, IReadOnlyList<QualityPoint> Curve, IReadOnlyDictionary<string, double> Metrics)
{
    public bool Met => Target.Met && Constraints.All(constraint => constraint.Met);
}
