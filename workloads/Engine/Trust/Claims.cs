using MlPerfEdu.Engine.Running;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Load;

namespace MlPerfEdu.Engine.Trust;

/// <summary>
/// The fields that do not follow from anything at hand: they are believed, within what is possible, until a replay finds otherwise. A path
/// stands for all below it; [*] is any place of a list.
/// </summary>
public static class Claims
{
    /// <summary>Times, rates, memory and circumstances: no run has them twice, so that even a replay cannot find them out.</summary>
    static readonly string[] OfAnyRun = ["schema", "measured_at", "versions", "source", "machine.facts"];

    static readonly string[] OfPeakRates =
        ["peaks.schema", "peaks.measured_at", "peaks.parts", "peaks.series", "peaks.absent", "peaks.phases", "peaks.last_level_cache.points", "peaks.reference"];

    static readonly string[] OfTiming =
    [
        "measurement.warm_up_steps", "measurement.rounds", "measurement.recorded_calls", "measurement.recording", "measurement.measuring_seconds",
        "cost.train_seconds", "cost.time_to_target_seconds", "cost.peak_memory_bytes", "cost.peak_memory_from",
    ];

    static readonly string[] OfTraining = ["seed", "count.batch", "count.layers", "quality.curve[*].value", "trajectory_sha256", "trajectory.first_losses", "trajectory.marks", "trajectory.losses.means"];

    static readonly string[] OfAnswering =
        ["seed", "count.batch", "count.layers", "trajectory_sha256", "serving.load.scenario", "serving.load.target_rate", "serving.answers[*].scheduled", "serving.answers[*].issued", "serving.answers[*].tokens"];

    static readonly string[] OfEntry = ["workload.suite", "settings", "thresholds", "data", "quality.target.limit", "quality.constraints", "count.parameters", "cost.budget"];

    public static IReadOnlyList<string> OfPeaks { get; } = [.. OfAnyRun, .. OfPeakRates];

    public static IReadOnlyList<string> Of(ExperimentRecord record) =>
        [.. OfAnyRun, "points", "seconds", "queued_seconds", "peak_memory_bytes", "peak_memory_from", .. record is { Budget: null, PeakMemoryFrom: null } ? ["budget"] : Array.Empty<string>()];

    public static IReadOnlyList<string> WithoutEntry(EvidenceRecord record) => [.. OfEntry, .. Of(record)];

    public static IReadOnlyList<string> Of(EvidenceRecord record) =>
    [
        .. record.Serving is null ? OfTraining : OfAnswering,
        .. Metrics(record),
        .. record.Validity.Where(line => !IsDerived(line)).Select(line => $"validity[{line.Constraint}]"),
        .. UnpinnedFiles(record),
        .. record.Prediction is null ? Array.Empty<string>() : ["prediction"],
        .. record.Cost is { Budget: null, PeakMemoryFrom: null } ? ["cost.budget"] : Array.Empty<string>(),
        .. OfAnyRun, .. OfPeakRates, .. OfTiming,
    ];

    /// <summary>Those of them that a replay of the whole run leaves.</summary>
    public static IReadOnlyList<string> AfterReplay(IReadOnlyList<string> claimed) => [.. claimed.Where(field =>
        OfAnyRun.Contains(field) || OfPeakRates.Contains(field) || OfTiming.Contains(field) || field.StartsWith("serving.", StringComparison.Ordinal)
        || (field.StartsWith(MetricsPath, StringComparison.Ordinal) && TimedMetrics.Has(field[MetricsPath.Length..])))];

    /// <summary>Whether a line follows from the other parts of a sidecar and its entry; the rest are the workload's own invariants.</summary>
    public static bool IsDerived(ValidityLine line) => line.Constraint is BudgetValidity.Memory or EvidenceAssembler.RecordedConstraint
        or EvidenceAssembler.DeclaredConstraint or EvidenceAssembler.SizeConstraint
        || line.Constraint.StartsWith("quality ", StringComparison.Ordinal) || line.Constraint.StartsWith("load: ", StringComparison.Ordinal);

    const string MetricsPath = "quality.metrics.";

    // The target's value is the curve's, figures under load are the answers'.
    static IEnumerable<string> Metrics(EvidenceRecord record)
    {
        var derived = record.Serving is { } serving ? LoadFigures.Of(serving.Load, serving.Answers).Keys : [record.Quality.Target.Metric];
        return record.Quality.Metrics.Keys.Except(derived, StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(metric => $"{MetricsPath}{metric}");
    }

    static IEnumerable<string> UnpinnedFiles(EvidenceRecord record) => DataCatalog.BuiltIn.Contains(record.Data.Dataset)
        ? record.Data.Files.Keys.Where(file => !PinnedFiles.IsPinned(DataCatalog.BuiltIn[record.Data.Dataset], file)).Select(file => $"data.files.{file}")
        : [];
}
