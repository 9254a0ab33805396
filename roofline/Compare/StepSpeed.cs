using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Measure;
using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Compare;

/// <summary>
/// One round in logarithms: how long its fastest step took, and how long the calibrated roofs would have let such a step take.
/// Whatever else runs on a machine makes steps slower, never faster: the fastest ones say most of the workload itself.
/// </summary>
readonly record struct RoundSpeed(double Step, double Machine);

/// <summary>The rounds of one run, as far as they say something of its step time.</summary>
/// <param name="Loaded">
/// Others held the cores most of the time, and a step waits for the slowest of its threads: even its fastest ones may be too slow.
/// A step of one thread is undisturbed whenever that thread has a core.
/// </param>
/// <param name="Typical">The median in seconds, disturbed or not.</param>
sealed record StepSpeed(IReadOnlyList<RoundSpeed> Rounds, bool Loaded, double Typical)
{
    /// <summary>Two in each of the parts that a run is divided into.</summary>
    public const int FewestRounds = 2 * Parts;

    const int Parts = 4;
    const double Quarter = 0.25;

    /// <summary>The lower quartile of the rounds: most of them may be disturbed.</summary>
    public double Level(Func<RoundSpeed, double> quantity) =>
        Rounds.Select(quantity).Order().ElementAt((int)(Quarter * (Rounds.Count - 1) + 0.5));

    /// <summary>How far the fastest moments of the four parts of the run lie apart: a drift that goes on until the next run.</summary>
    public double Drift(Func<RoundSpeed, double> quantity)
    {
        var parts = Enumerable.Range(0, Parts).Select(part => Part(part).Min(quantity)).ToArray();
        var mean = parts.Average();
        return Math.Sqrt(parts.Sum(part => (part - mean) * (part - mean)) / (Parts - 1));
    }

    /// <param name="reference">Whose counts and peaks weigh the calibration kernels: the same for both runs that are compared.</param>
    public static StepSpeed Of(StepMeasurement measured, EvidenceRecord reference)
    {
        var timed = measured.Rounds.Where(round => round.StepSeconds.Count > 0).ToArray();
        var calm = timed.Where(round => !round.Disturbed).ToArray();
        var enough = calm.Length >= FewestRounds;
        var loaded = (!enough || 2 * calm.Length < timed.Length) && reference.Peaks.Threads > 1;
        return new(
            [.. (enough ? calm : timed).Select(round => Of(round, reference))], loaded,
            timed.Length > 0 ? Statistics.Median(measured.StepSeconds) : double.NaN);
    }

    /// <param name="disturbed">Whether others held the cores during the whole run.</param>
    public static StepSpeed Of(TimeFinding found, bool disturbed) => new(
        [.. found.Rounds.Select(round => new RoundSpeed(Math.Log(round.Seconds.Min()), Math.Log(round.Machine ?? 1)))],
        disturbed && !found.OneThread,
        Statistics.Median([.. found.Rounds.SelectMany(round => round.Seconds)]));

    static RoundSpeed Of(SampleRound round, EvidenceRecord reference)
    {
        var roofs = CalibratedRoofs.At(round.Calibration, reference.Peaks);
        return new(Math.Log(round.StepSeconds.Min()), roofs is { } known ? Math.Log(Allowed(known, reference)) : 0);
    }

    static double Allowed(CalibratedRoofs roofs, EvidenceRecord reference)
    {
        var memory = reference.Regimes.WorkingSet.Value == RegimeValue.CacheResident ? roofs.Cache : roofs.Memory;
        return Math.Max(reference.Count.Flops / roofs.Compute, reference.Count.Bytes / memory)
            + (reference.Measurement.RecordedCalls ?? reference.Count.OperatorCalls) * roofs.EmptyOperator;
    }

    IEnumerable<RoundSpeed> Part(int part) => Rounds.Take((part * Rounds.Count / Parts)..((part + 1) * Rounds.Count / Parts));
}
