using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Measure;
using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Classify;

/// <summary>Where a step lies under the roofs of its machine: medians over the rounds, with the interval of each.</summary>
/// <param name="MemoryRoof">The bandwidth it is held against: the cache's when what it touches stays there, else the memory's.</param>
/// <param name="BatchGrowth">Absent when the doubled batch was not measured often enough.</param>
/// <param name="Disturbed">Others held the cores in so many rounds that too few are left without: all were used.</param>
public sealed record RooflinePoint(
    double FlopsPerByte, Interval FlopsPerSecond, Interval BytesPerSecond, Interval ComputeShare, Interval Utilization,
    Interval Compute, Interval MemoryRoof, Interval Ridge, Interval CallShare, Interval? BatchGrowth, bool Disturbed)
{
    /// <summary>What calibration says of the roofs holds to a tenth: its kernels are not the workload's.</summary>
    public const double Accuracy = 1.1;

    /// <summary>Absent when there are too few rounds for an interval, or the peaks lack a probe.</summary>
    public static RooflinePoint? From(StepCount count, StepMeasurement measured, MachinePeaks peaks, RegimeValue workingSet)
    {
        var all = RooflineRound.Of(count, measured, peaks, workingSet).ToArray();
        var calm = all.Where(round => !round.Disturbed).ToArray();
        var disturbed = Statistics.MedianInterval([.. calm.Select(round => round.Seconds)], measured.Confidence) is null;
        var rounds = disturbed ? all : calm;
        if (Median(round => round.Seconds) is null)
            return null;
        var calls = measured.RecordedCalls ?? count.OperatorCalls;
        return new RooflinePoint(
            count.FlopsPerByte,
            Median(round => round.FlopsPerSecond)!.Value,
            Median(round => round.BytesPerSecond)!.Value,
            Median(round => round.FlopsPerSecond / round.Roofs.Compute)!.Value,
            Median(round => round.Utilization)!.Value,
            Median(round => round.Roofs.Compute)!.Value,
            Median(round => round.MemoryRoof)!.Value,
            Median(round => round.Roofs.Ridge)!.Value,
            Median(round => round.CallShare(calls))!.Value,
            Median(round => round.Growth),
            disturbed);

        Interval? Median(Func<RooflineRound, double?> quantity) => Statistics.MedianInterval(
            [.. rounds.Select(quantity).OfType<double>()], measured.Confidence);
    }
}
