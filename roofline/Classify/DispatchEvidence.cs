namespace MlPerfEdu.Roofline.Classify;

/// <summary>What the dispatch axis is decided from.</summary>
/// <param name="Utilization">The larger of FLOP rate over the compute roof and byte rate over the memory roof.</param>
/// <param name="CallShare">Operator calls times the cost of an empty operator, over the step time.</param>
/// <param name="BatchGrowth">Step time of the doubled batch over that of the batch: 2 when proportional, 1 when it does not grow.</param>
public sealed record DispatchEvidence(Interval? Utilization, Interval? CallShare, Interval? BatchGrowth);
