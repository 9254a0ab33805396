using MlPerfEdu.Roofline.Classify;

namespace MlPerfEdu.Roofline.Measure;

/// <param name="Samples">Steps timed so far.</param>
/// <param name="Undecided">Axes whose interval still lies across a threshold; empty before the first look.</param>
public sealed record MeterProgress(int Samples, double Seconds, double BudgetSeconds, IReadOnlyList<RegimeAxis> Undecided);
