using System.Globalization;
using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Measure;
using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Evidence;

/// <summary>
/// What the raw facts of a run say of one another, whatever its entry: parts and their sums, the order of moments, and what no machine can do.
/// Nothing here says that a fact is true, only that it can be.
/// </summary>
public static class RawFacts
{
    // A single step may be luckier than a roof that was measured on a busy machine. The median is held to a tenth (RoofCheck).
    const double Luck = 2;

    // Clocks of two machines, and of two time zones that somebody mixed up.
    static readonly TimeSpan ClockSkew = TimeSpan.FromDays(1);

    public static IEnumerable<EvidenceFinding> Of(string path, EvidenceRecord record, DateTimeOffset now) =>
    [
        .. If(record.Seed is < 0 or >= int.MaxValue, path, "seed", $"{record.Seed}", $"0 to {int.MaxValue - 1}"),
        .. Common(path, record, record.Cost.PeakMemoryBytes, "cost.peak_memory_bytes", record.Cost.PeakMemoryFrom, now),
        .. Software(path, record), .. Roofs(path, record), .. Counts(path, record), .. Measurement(path, record), .. Steps(path, record),
        .. Cost(path, record), .. Scores(path, record),
    ];

    public static IEnumerable<EvidenceFinding> Of(string path, ExperimentRecord record, DateTimeOffset now) =>
    [
        .. Common(path, record, record.PeakMemoryBytes, "peak_memory_bytes", record.PeakMemoryFrom, now),
        .. If(record.Seconds <= 0, path, "seconds", $"{record.Seconds}", "more than 0"),
    ];

    static IEnumerable<EvidenceFinding> Common(string path, IRunRecord record, long memory, string memoryField, string? memoryFrom, DateTimeOffset now)
    {
        var facts = record.Machine.Facts;
        return
        [
            .. If(Moment(record.MeasuredAt) is not { } at || at > now + ClockSkew, path, "measured_at", record.MeasuredAt, $"a moment up to now, {Timestamp.Text(now)}"),
            .. If(!IsCommit(record.Source), path, "source", $"{record.Source.Commit}, dirty {record.Source.Dirty}", "a full commit id, or \"unknown\" without dirty"),
            .. If(facts.AvailableThreads < 1 || (facts.LogicalCores > 0 && facts.AvailableThreads > facts.LogicalCores), path, "machine.facts.available_threads",
                $"{facts.AvailableThreads}", $"1 to {facts.LogicalCores}, the logical cores"),
            .. If(facts.PhysicalCores > facts.LogicalCores, path, "machine.facts.physical_cores", $"{facts.PhysicalCores}", $"at most {facts.LogicalCores}, the logical cores"),
            .. If(memory < 0 || (facts.MemoryBytes > 0 && memory > facts.MemoryBytes), path, memoryField, $"{memory}", $"0 to {facts.MemoryBytes}, the machine's memory"),
            .. If(memoryFrom is not (null or PeakMemory.Kept or PeakMemory.Sampled), path, $"{memoryField[..^"bytes".Length]}from", $"{memoryFrom}",
                $"'{PeakMemory.Kept}' or '{PeakMemory.Sampled}'"),
            .. Integer("threads") is { } threads
                ? If(threads < 1 || threads > facts.AvailableThreads, path, "versions.threads", $"{threads}", $"1 to {facts.AvailableThreads}, the available threads")
                : [],
        ];

        int? Integer(string version) => int.TryParse(record.Versions.GetValueOrDefault(version), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    static IEnumerable<EvidenceFinding> Software(string path, EvidenceRecord record)
    {
        var (peaks, versions) = (record.Peaks, record.Versions);
        if (versions.TryGetValue("torchsharp", out var torchSharp) && versions.TryGetValue("libtorch", out var libtorch))
            foreach (var finding in Same(path, "peaks.backend", peaks.Backend, $"TorchSharp {torchSharp}, libtorch {libtorch}", "from its versions"))
                yield return finding;
        if (versions.TryGetValue("threads", out var threads))
            foreach (var finding in Same(path, "peaks.threads", $"{peaks.Threads}", threads, "from its versions"))
                yield return finding;
        // Empty peaks, of a run that measured nothing, are made after it.
        if (peaks.Series.Count > 0 && (Moment(peaks.MeasuredAt) is not { } peaksAt || peaksAt > Moment(record.MeasuredAt)))
            yield return FieldFindings.Impossible(path, "peaks.measured_at", peaks.MeasuredAt, $"a moment up to measured_at, {record.MeasuredAt}");
    }

    static IEnumerable<EvidenceFinding> Roofs(string path, EvidenceRecord record)
    {
        var cache = record.Peaks.LastLevelCache;
        foreach (var finding in Same(path, "peaks.last_level_cache.stated_bytes", $"{cache.StatedBytes}", $"{record.Machine.Facts.LastLevelCacheBytes}", "from the machine's facts"))
            yield return finding;
        if (cache.Points.Count > 0)
            foreach (var difference in FieldDifference.Between("peaks.last_level_cache.knee", cache.Knee, CapacityKnee.Find(cache.Points)))
                yield return FieldFindings.Derived(path, difference, "from its points");
        foreach (var (series, index) in record.Peaks.Series.Select((series, index) => (series, index)))
            foreach (var finding in If(series.Samples.Any(sample => sample <= 0), path, $"peaks.series[{index}].samples", $"{series.Samples.Min()}", "more than 0"))
                yield return finding;
    }

    static IEnumerable<EvidenceFinding> Counts(string path, EvidenceRecord record)
    {
        foreach (var (layer, index) in record.Count.Layers.Select((layer, index) => (layer, index)))
        {
            var field = $"count.layers[{index}]";
            foreach (var finding in Same(path, $"{field}.forward.flops", $"{layer.Forward.Flops}", $"{2 * layer.ForwardMacs}", "2 for each of its forward_macs"))
                yield return finding;
            long[] numbers = [layer.Parameters, layer.FrozenParameters, layer.UniqueBytes, .. Numbers(layer.Forward), .. Numbers(layer.DataGradient), .. Numbers(layer.WeightGradient), .. Numbers(layer.Optimizer), .. layer.Output];
            foreach (var finding in If(numbers.Any(number => number < 0), path, field, $"{numbers.Min()}", "at least 0"))
                yield return finding;
        }

        static long[] Numbers(Count.Work work) => [work.Flops, work.ElementwiseFlops, work.Bytes, work.Calls];
    }

    static IEnumerable<EvidenceFinding> Measurement(string path, EvidenceRecord record)
    {
        var measured = record.Measurement;
        return
        [
            .. Same(path, "measurement.confidence", $"{measured.Confidence}", $"{StepMeasurement.DefaultConfidence}", "the confidence of every run"),
            .. Same(path, "cost.measuring_seconds", $"{record.Cost.MeasuringSeconds:R}", $"{measured.MeasuringSeconds:R}", "from its measurement"),
            .. If(measured.Rounds.Sum(round => round.Seconds) > measured.MeasuringSeconds, path, "measurement.measuring_seconds", $"{measured.MeasuringSeconds}",
                $"at least {measured.Rounds.Sum(round => round.Seconds)}, the sum of its rounds"),
            .. If((measured.RecordedCalls is null) == (measured.Recording == StepMeasurement.RecordingAgrees), path, "measurement.recording", measured.Recording,
                measured.RecordedCalls is null ? "a reason why nothing was recorded" : $"'{StepMeasurement.RecordingAgrees}', or how they differ"),
            .. measured.Rounds.SelectMany((round, index) => Round(path, $"measurement.rounds[{index}]", round)),
        ];
    }

    static IEnumerable<EvidenceFinding> Round(string path, string field, SampleRound round)
    {
        // Sums of hundreds of doubles.
        const double Rounding = 1e-9;
        var steps = round.StepSeconds.Sum() + round.DoubledBatchSeconds.Sum();
        var calibration = round.Calibration;
        return
        [
            .. If(round.Seconds * (1 + Rounding) < steps, path, $"{field}.seconds", $"{round.Seconds}", $"at least {steps}, the sum of its steps"),
            .. If(round.StepSeconds.Concat(round.DoubledBatchSeconds).Any(step => step <= 0), path, $"{field}.step_seconds", $"{round.StepSeconds.Min()}", "more than 0"),
            .. If(Math.Min(Math.Min(calibration.GemmFlops, calibration.MemoryTriadBytes), Math.Min(calibration.CacheTriadBytes, calibration.EmptyOperatorSeconds)) <= 0,
                path, $"{field}.calibration", $"{calibration}", "rates and times above 0"),
        ];
    }

    /// <summary>No step beats its FLOPs at the fastest rate of this machine, nor its bytes at the fastest bandwidth.</summary>
    static IEnumerable<EvidenceFinding> Steps(string path, EvidenceRecord record)
    {
        var least = LeastStepSeconds(record);
        foreach (var (index, round) in record.Measurement.Rounds.Index())
            foreach (var (step, seconds) in round.StepSeconds.Index().Where(step => step.Item < least))
                yield return FieldFindings.Impossible(path, $"measurement.rounds[{index}].step_seconds[{step}]", $"{seconds}",
                    $"at least {least:0.##e+0}, half of what {record.Count.Flops} FLOP and {record.Count.Bytes} bytes take at this machine's peaks");
    }

    /// <summary>What a step of these counts takes at least; 0 where the peaks are not known.</summary>
    public static double LeastStepSeconds(EvidenceRecord record)
    {
        return Math.Max(record.Count.Flops / Fastest(PeakSeries.Flops), record.Count.Bytes / Fastest(PeakSeries.Bytes)) / Luck;

        double Fastest(string unit) => record.Peaks.Series.Where(series => series.Unit == unit).Select(series => series.Best).DefaultIfEmpty(double.PositiveInfinity).Max();
    }

    static IEnumerable<EvidenceFinding> Cost(string path, EvidenceRecord record)
    {
        var cost = record.Cost;
        return
        [
            .. If(cost.TrainSeconds <= 0, path, "cost.train_seconds", $"{cost.TrainSeconds}", "more than 0"),
            .. If(cost.TimeToTargetSeconds is { } time && (time <= 0 || time > cost.TrainSeconds), path, "cost.time_to_target_seconds",
                $"{cost.TimeToTargetSeconds}", $"more than 0, at most {cost.TrainSeconds}, all of the training"),
            .. If(cost.PeakMemoryBytes > 0 && cost.PeakMemoryBytes < record.Count.Parameters + record.Count.FrozenParameters, path, "cost.peak_memory_bytes",
                $"{cost.PeakMemoryBytes}", "at least one byte for each parameter"),
        ];
    }

    static IEnumerable<EvidenceFinding> Scores(string path, EvidenceRecord record)
    {
        var quality = record.Quality;
        foreach (var (check, field) in quality.Constraints.Select((check, index) => (check, $"quality.constraints[{index}]")).Prepend((quality.Target, "quality.target")))
            foreach (var finding in Same(path, $"{field}.value", $"{check.Value:R}", $"{(quality.Metrics.TryGetValue(check.Metric, out var value) ? value : double.NaN):R}", "from quality.metrics"))
                yield return finding;
        if (record.TrajectorySha256.Length != 64 || !record.TrajectorySha256.All(char.IsAsciiHexDigitLower))
            yield return FieldFindings.Impossible(path, "trajectory_sha256", record.TrajectorySha256, "64 lower-case hexadecimal digits");
        foreach (var twice in record.Validity.GroupBy(line => line.Constraint, StringComparer.Ordinal).Where(group => group.Count() > 1))
            yield return FieldFindings.Impossible(path, $"validity[{twice.Key}]", $"{twice.Count()} lines", "one");
    }

    static DateTimeOffset? Moment(string text) => DateTimeOffset.TryParseExact(
        text, "yyyy-MM-ddTHH-mm-ssZ", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : null;

    static bool IsCommit(SourceState source) =>
        source == SourceState.Unknown || (source.Commit.Length is 40 or 64 && source.Commit.All(char.IsAsciiHexDigitLower));

    static IEnumerable<EvidenceFinding> If(bool wrong, string path, string field, string found, string expected) =>
        wrong ? [FieldFindings.Impossible(path, field, found, expected)] : [];

    static IEnumerable<EvidenceFinding> Same(string path, string field, string found, string expected, string source) =>
        found == expected ? [] : [FieldFindings.Derived(path, new(field, found, expected), source)];
}
