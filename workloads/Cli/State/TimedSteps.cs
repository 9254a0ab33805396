using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Peaks;
using MlPerfEdu.Zoo;

namespace MlPerfEdu.Workloads.Cli.State;

/// <summary>Evidence as the zoo wants it: counts, the median step, and the machine while it ran.</summary>
static class TimedSteps
{
    /// <summary>Steps that shared their cores with others most of the time say little of the machine alone.</summary>
    public static bool WereUndisturbed(EvidenceRecord record) =>
        record.Measurement.StepSeconds.Count > 0 && 2 * record.Measurement.Rounds.Count(round => round.Disturbed) <= record.Measurement.Rounds.Count;

    /// <summary>Null for a run that was not measured.</summary>
    public static TimedStep? Of(EvidenceRecord record)
    {
        if (record.Measurement.StepSeconds.Count == 0)
            return null;
        var calm = record.Measurement.Rounds.Where(round => !round.Disturbed).ToList();
        var rounds = calm.Count > 0 ? calm : record.Measurement.Rounds;
        var cached = record.Count.UniqueBytes <= record.Peaks.LastLevelCache.Bytes?.Low;
        return new(
            record.Workload.Id,
            StepPart.Merged(record.Count.Layers.SelectMany(Passes).Select(pass => new StepPart(new(pass.Flops), new(pass.Bytes)))),
            record.Count.OperatorCalls,
            new(Middle(calibration => calibration.GemmFlops)),
            new(Middle(calibration => cached ? calibration.CacheTriadBytes : calibration.MemoryTriadBytes)),
            new(Statistics.Median([.. rounds.SelectMany(round => round.StepSeconds)])));

        static Work[] Passes(LayerCount layer) => [layer.Forward, layer.DataGradient, layer.WeightGradient, layer.Optimizer];

        double Middle(Func<CalibrationSample, double> value) => Statistics.Median([.. rounds.Select(round => value(round.Calibration))]);
    }
}
