using System.Text.Json;

namespace MlPerfEdu.Cli.Page;

/// <summary>The statistics of one group of raw samples. The mean notices a change of any of them.</summary>
sealed record SampleStatistics(string Name, int Count, double Least, double Median, double Mean, double Most)
{
    /// <summary>Of every raw sample in a sidecar. PageStatistics in verifier.js derives them again: change both.</summary>
    public static IReadOnlyList<SampleStatistics> Of(IRunRecord record) =>
    [
        .. (record is ExperimentRecord experiment ? Groups(experiment) : Groups((EvidenceRecord)record))
            .GroupBy(group => group.Name)
            .Select(group => (group.Key, Samples: group.SelectMany(part => part.Samples).ToArray()))
            .Where(group => group.Samples.Length > 0)
            .Select(group => new SampleStatistics(
                group.Key, group.Samples.Length, group.Samples.Min(), Statistics.Median(group.Samples), group.Samples.Average(), group.Samples.Max())),
    ];

    static IEnumerable<(string Name, IEnumerable<double> Samples)> Groups(ExperimentRecord record) =>
        record.Points.Select(point => ($"{point.Name} ({point.Unit})", (IEnumerable<double>)point.Samples));

    static IEnumerable<(string Name, IEnumerable<double> Samples)> Groups(EvidenceRecord record)
    {
        var (rounds, peaks) = (record.Measurement.Rounds, record.Peaks);
        return
        [
            ("step seconds", rounds.SelectMany(round => round.StepSeconds)),
            ("doubled batch seconds", rounds.SelectMany(round => round.DoubledBatchSeconds)),
            ("seconds of a round", rounds.Select(round => round.Seconds)),
            ("seconds queued in a round", rounds.Select(round => round.QueuedSeconds).OfType<double>()),
            .. Calibration("calibration", [.. rounds.Select(round => round.Calibration)]),
            .. peaks.Series.Select(series => ($"peaks: {JsonNamingPolicy.SnakeCaseLower.ConvertName($"{series.Kind}")}", (IEnumerable<double>)series.Samples)),
            ("peaks: last-level cache", peaks.LastLevelCache.Points.Select(point => point.SecondsPerByte)),
            .. Calibration("peaks: reference", peaks.Reference),
            ("score", record.Quality.Curve.Select(point => point.Value)),
            ("loss", record.Trajectory?.Losses?.Means ?? []),
            ("answers (ns)", record.Serving is { } serving
                ? serving.Answers.SelectMany(answer => answer.Tokens.Prepend(answer.Scheduled)).Select(time => (double)time)
                : []),
        ];
    }

    static IEnumerable<(string Name, IEnumerable<double> Samples)> Calibration(string where, IReadOnlyList<CalibrationSample> samples) =>
    [
        ($"{where}: gemm_flops", samples.Select(sample => sample.GemmFlops)),
        ($"{where}: memory_triad_bytes", samples.Select(sample => sample.MemoryTriadBytes)),
        ($"{where}: cache_triad_bytes", samples.Select(sample => sample.CacheTriadBytes)),
        ($"{where}: empty_operator_seconds", samples.Select(sample => sample.EmptyOperatorSeconds)),
    ];
}
