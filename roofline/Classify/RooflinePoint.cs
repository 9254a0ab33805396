namespace MlPerfEdu.Roofline.Classify;

/// <summary>Where a step lies under the roofs of its machine: medians over the rounds, each with its confidence interval.</summary>
/// <param name="MemoryRoof">The bandwidth that limits the step: the cache's when its working set stays there, else the memory's.</param>
/// <param name="BatchGrowth">Absent when the doubled batch was not measured often enough.</param>
/// <param name="Disturbed">Other processes held the cores in so many rounds that too few calm ones are left: all were used.</param>
public sealed record RooflinePoint(
    double FlopsPerByte, Interval FlopsPerSecond, Interval BytesPerSecond, Interval ComputeShare, Interval Utilization,
    Interval Compute, Interval MemoryRoof, Interval Ridge, Interval CallShare, Interval? BatchGrowth, bool Disturbed)
{
    /// <summary>Whether some of its products multiply bf16 numbers.</summary>
    public bool HasBf16 { get; private init; }

    /// <summary>Calibrated roofs hold within a tenth: the calibration kernels are not the workload's.</summary>
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
            Median(round => round.FlopsPerSecond / round.Compute)!.Value,
            Median(round => round.Utilization)!.Value,
            Median(round => round.Compute)!.Value,
            Median(round => round.MemoryRoof)!.Value,
            Median(round => round.Compute / round.Roofs.Memory)!.Value,
            Median(round => calls * round.Roofs.EmptyOperator / round.Seconds)!.Value,
            Median(round => round.DoubledSeconds / round.Seconds),
            disturbed)
        {
            HasBf16 = count.Bf16Flops > 0,
        };

        Interval? Median(Func<RooflineRound, double?> quantity) => Statistics.MedianInterval(
            [.. rounds.Select(quantity).OfType<double>()], measured.Confidence);
    }
}

/// <summary>The steps of one round under the roofs that its own calibration gives.</summary>
/// <param name="Seconds">The mean of the round's steps: a calibration kernel is a mean over its time as well.</param>
/// <param name="Compute">The roof of this step's products, each in its own precision.</param>
sealed record RooflineRound(
    long Flops, long Bytes, double Seconds, double? DoubledSeconds, CalibratedRoofs Roofs, double Compute, double MemoryRoof, bool Disturbed)
{
    public double FlopsPerSecond => Flops / Seconds;
    public double BytesPerSecond => Bytes / Seconds;
    public double Utilization => Math.Max(FlopsPerSecond / Compute, BytesPerSecond / MemoryRoof);

    public static IEnumerable<RooflineRound> Of(StepCount count, StepMeasurement measured, MachinePeaks peaks, RegimeValue workingSet)
    {
        var calibrated = CalibratedRoofs.Of(peaks);
        // Sums over all layers, the same in every round.
        var (flops, bytes) = (count.Flops, count.Bytes);
        foreach (var round in measured.Rounds)
        {
            if (round.StepSeconds.Count == 0 || calibrated(round.Calibration) is not { } roofs || roofs.ComputeFor(count) is not { } compute)
                continue;
            yield return new RooflineRound(
                flops,
                bytes,
                round.StepSeconds.Average(),
                round.DoubledBatchSeconds.Count == 0 ? null : round.DoubledBatchSeconds.Average(),
                roofs,
                compute,
                roofs.MemoryFor(workingSet),
                round.Disturbed);
        }
    }
}

/// <summary>The measured peaks, scaled to the speed of the machine at one calibration.</summary>
/// <param name="Compute">FLOP/s of the largest sustained matrix product of fp32 numbers.</param>
/// <param name="Memory">B/s of a triad in memory.</param>
/// <param name="Cache">B/s of a triad in the last-level cache.</param>
/// <param name="EmptyOperator">Seconds of an operator on almost no data.</param>
public readonly record struct CalibratedRoofs(double Compute, double Memory, double Cache, double EmptyOperator)
{
    /// <summary>The same of bf16 numbers; absent where that was not measured.</summary>
    public double? Bf16Compute { get; private init; }

    /// <summary>
    /// FLOP/s of a step whose products each run at the roof of their precision; absent when one of these roofs is. Time adds up, so with
    /// products of both this lies between the two.
    /// </summary>
    public double? ComputeFor(StepCount count) => count.Bf16Flops == 0
        ? Compute
        : count.Flops / ((count.Flops - count.Bf16Flops) / Compute + count.Bf16Flops / Bf16Compute);

    /// <summary>The cache's bandwidth when the working set stays there, else the memory's.</summary>
    public double MemoryFor(RegimeValue workingSet) => workingSet == RegimeValue.CacheResident ? Cache : Memory;

    /// <summary>Absent when the peaks lack a probe that was calibrated.</summary>
    public static CalibratedRoofs? At(CalibrationSample now, MachinePeaks peaks) => Of(peaks)(now);

    /// <summary>The same for many calibrations: what they are scaled from is looked up once.</summary>
    public static Func<CalibrationSample, CalibratedRoofs?> Of(MachinePeaks peaks)
    {
        var gemm = Scaled(PeakKind.Gemm, "", sample => sample.GemmFlops);
        var bf16 = Scaled(PeakKind.GemmBf16, "", sample => sample.GemmFlops);
        var triad = Scaled(PeakKind.Triad, MemoryLevels.Memory, sample => sample.MemoryTriadBytes);
        var cached = Scaled(PeakKind.Triad, MemoryLevels.LastLevelCache, sample => sample.CacheTriadBytes);
        // The calibration multiplies fp32 numbers; what slows these slows the others.
        return now => gemm(now) is { } compute && triad(now) is { } memory && cached(now) is { } cache
            ? new CalibratedRoofs(compute, memory, cache, now.EmptyOperatorSeconds) { Bf16Compute = bf16(now) }
            : null;

        // Best over best: both were reached in the machine's quietest moment of that minute.
        Func<CalibrationSample, double?> Scaled(PeakKind kind, string level, Func<CalibrationSample, double> rate)
        {
            if (peaks.Find(kind, level) is not { } series || peaks.Reference.Count == 0)
                return _ => null;
            var (best, reference) = (series.Best, peaks.Reference.Max(rate));
            return now => best * rate(now) / reference;
        }
    }
}

/// <summary>Nothing runs above its roof: when a point seems to, the roof or the count is wrong.</summary>
public static class RoofCheck
{
    public static IReadOnlyList<string> Problems(RooflinePoint point, MachinePeaks peaks)
    {
        var problems = new List<string>();
        if (point.ComputeShare.Low > RooflinePoint.Accuracy)
        {
            // The FMA kernel does not use libtorch: below its rate the matrix product was measured too slow, above it the count is impossible.
            // It says nothing of bf16, which has instructions of its own.
            var possible = point.FlopsPerSecond.Low <= RooflinePoint.Accuracy * (peaks.Find(PeakKind.Fma)?.Best ?? 0);
            Above("FLOP/s", point.FlopsPerSecond.Low, point.Compute.Middle, point.HasBf16
                ? "The roof of bf16 products or the FLOP count is suspect: measure the peaks again on an idle machine."
                : possible
                ? "The roof is suspect: the FMA kernel of the same machine is faster; measure the peaks again on an idle machine."
                : "The FLOP count is suspect: even the FMA kernel does not reach this rate.");
        }

        // Traffic is counted per operator. What the next operator reads from a cache exceeds the memory's roof,
        // but not the roof of the fastest level.
        var fastest = peaks.Series.Where(series => series.Unit == PeakSeries.Bytes).Select(series => series.Best).DefaultIfEmpty(0).Max();
        if (point.BytesPerSecond.Low > RooflinePoint.Accuracy * fastest)
        {
            Above("B/s", point.BytesPerSecond.Low, fastest,
                "The byte count is suspect: no level of this machine's memory was measured that fast.");
        }

        return problems;

        void Above(string unit, double rate, double roof, string suspect) =>
            problems.Add($"The step runs at {rate:0.###e+0} {unit}, above its roof of {roof:0.###e+0} {unit}. {suspect}");
    }
}
