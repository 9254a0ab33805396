namespace MlPerfEdu.Roofline.Evidence;

/// <param name="TrainSeconds">All training and evaluation of the run, or all examining and answering.</param>
/// <param name="TimeToTargetSeconds">Until the target was first met; absent when it never was.</param>
/// <param name="PeakMemoryBytes">Largest resident set of the process; 0 when the system does not say.</param>
public sealed record CostRecord(double TrainSeconds, double? TimeToTargetSeconds, double MeasuringSeconds, long PeakMemoryBytes);
