namespace MlPerfEdu.Roofline.Classify;

/// <summary>What the dispatch axis is decided from.</summary>
/// <param name="Utilization">The larger of FLOP rate over the compute roof and byte rate over the memory roof.</param>
/// <param name="CallShare">Operator calls times the cost of an empty operator, over the step time.</param>
/// <param name="BatchGrowth">Step time of the doubled batch over that of the batch: 2 when proportional, 1 when it does not grow.</param>
public sealed record DispatchEvidence(Interval? Utilization, Interval? CallShare, Interval? BatchGrowth)
{
    /// <summary>With t = a + b·batch the doubled batch adds b·batch, so a / t, what does not grow, is 2 − growth.</summary>
    public Interval? FixedShare => BatchGrowth is { } growth ? new Interval(2 - growth.High, 2 - growth.Low) : null;

    public override string ToString() =>
        $"utilisation {Text(Utilization)}; operator calls cost {Text(CallShare)} of the step; "
        + $"{Text(FixedShare)} of it does not grow with the batch";

    static string Text(Interval? interval) => interval?.ToString() ?? "(not measured)";
}
