using System.Text.Json.Serialization;
using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Load;
using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Evidence;

public interface ISidecar
{
    int Schema { get; }

    /// <summary>The name of the file begins with it.</summary>
    string Id { get; }

    string MeasuredAt { get; }
    MachineRecord Machine { get; }
    string ContentSha256 { get; }
}

/// <summary>What the sidecars of workloads and of experiments have in common.</summary>
public interface IRunRecord : ISidecar
{
    WorkloadIdentity Subject { get; }
    IReadOnlyDictionary<string, string> Settings { get; }
    IReadOnlyDictionary<string, string> Versions { get; }
    SourceState Source { get; }

    string ISidecar.Id => Subject.Id;
}

/// <summary>What ran, where, on what, how well, and whether it counts. Written as a sidecar, read only from there.</summary>
public sealed record EvidenceRecord : IRunRecord, ISealed<EvidenceRecord>
{
    public const int CurrentSchema = 5;

    /// <summary>From here on, later schemas only add parts that may be absent.</summary>
    public const int OldestSchema = 2;

    public required int Schema { get; init; }
    public required WorkloadIdentity Workload { get; init; }

    /// <summary>UTC, as 2026-01-31T12-00-00Z; part of the file's name.</summary>
    public required string MeasuredAt { get; init; }

    /// <summary>Recipe and geometry as they were used, every default written out.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    public required long Seed { get; init; }

    /// <summary>Of the runtime and of the libraries in use.</summary>
    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    public required SourceState Source { get; init; }
    public required DataUse Data { get; init; }
    public required MachineRecord Machine { get; init; }
    public required MachinePeaks Peaks { get; init; }
    public required StepCount Count { get; init; }
    public required StepMeasurement Measurement { get; init; }
    public required RegimeThresholds Thresholds { get; init; }
    public required Regimes Regimes { get; init; }
    public required QualityRecord Quality { get; init; }

    /// <summary>Only of a model under load.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ServingRecord? Serving { get; init; }

    /// <summary>Only of a lab: what was expected before the run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LabPrediction? Prediction { get; init; }

    /// <summary>SHA-256 of the losses in order, or of the answers: the same for every run with this seed, data and thread count.</summary>
    public required string TrajectorySha256 { get; init; }

    /// <summary>How the training came there; left out of runs from before schema 5, and of a model that answers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TrajectoryRecord? Trajectory { get; init; }

    public required CostRecord Cost { get; init; }

    /// <summary>One line per constraint: whether the run counts, and why.</summary>
    public required IReadOnlyList<ValidityLine> Validity { get; init; }

    /// <summary>Over this document with this field empty; its first 12 digits end the file's name.</summary>
    public string ContentSha256 { get; init; } = "";

    WorkloadIdentity IRunRecord.Subject => Workload;
    EvidenceRecord ISealed<EvidenceRecord>.WithHash(string sha256) => this with { ContentSha256 = sha256 };

    /// <summary>Where the step lies under the roofs; absent when it was not measured.</summary>
    public RooflinePoint? Point() => RooflinePoint.From(Count, Measurement, Peaks, Regimes.WorkingSet.Value);
}

/// <summary>Enough of a training's losses to look at its first steps without repeating all of it.</summary>
/// <param name="FirstLosses">Of the first steps, each an exact 32-bit number.</param>
/// <param name="Marks">After 1, 2, 4, 8 … steps and at the end: the hash of all losses so far.</param>
public sealed record TrajectoryRecord(IReadOnlyList<double> FirstLosses, IReadOnlyList<TrajectoryMark> Marks)
{
    /// <summary>Left out of runs from before it was kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LossCurve? Losses { get; init; }
}

/// <summary>All losses, short enough to draw.</summary>
/// <param name="Every">So many steps share a mean; the last ones may be fewer.</param>
public sealed record LossCurve(long Every, IReadOnlyList<double> Means)
{
    const int MostMeans = 64;

    /// <param name="steps">Of the whole recipe, also where a run ends before.</param>
    public static long EveryOf(long steps) => Math.Max(1, (steps + MostMeans - 1) / MostMeans);
}

/// <param name="Sha256">As trajectory_sha256, of the losses of so many steps.</param>
public sealed record TrajectoryMark(long Steps, string Sha256);

/// <param name="EntrySha256">Of the workload's entry in workloads.yaml.</param>
public sealed record WorkloadIdentity(string Id, string Suite, string EntrySha256);

/// <param name="Commit">Full commit id, or "unknown" outside a clone.</param>
/// <param name="Dirty">Whether tracked files differed from it; absent when that could not be found out.</param>
public sealed record SourceState(string Commit, bool? Dirty)
{
    public static SourceState Unknown { get; } = new("unknown", null);
}

/// <param name="Tier">real, part, proxy or embedded; only real may claim a real target.</param>
/// <param name="Files">SHA-256 of each file by its name in the data set; empty for generated data.</param>
public sealed record DataUse(string Dataset, string Tier, IReadOnlyDictionary<string, string> Files);

public sealed record MachineRecord(string Class, string Fingerprint, MachineFacts Facts)
{
    public static MachineRecord Of(MachineFacts facts) => new(MachineClass.Of(facts), Detect.Fingerprint.Of(facts), facts);
}

/// <param name="Target">Of a model under load, the first of its checks.</param>
/// <param name="Constraints">Required in addition to the target.</param>
/// <param name="Curve">In the order measured; its last point need not be the target's value when the best one is kept.</param>
/// <param name="Metrics">Everything else that was measured, such as the recall of each class.</param>
public sealed record QualityRecord(
    QualityCheck Target, IReadOnlyList<QualityCheck> Constraints, IReadOnlyList<QualityPoint> Curve, IReadOnlyDictionary<string, double> Metrics)
{
    /// <summary>Which metrics are those of answers that learn nothing, or next to nothing; left out of runs from before they were named.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? TrivialAnswers { get; init; }

    public bool Met => Checks.All(check => check.Met);

    [JsonIgnore]
    public IReadOnlyList<QualityCheck> Checks => [Target, .. Constraints];
}

/// <summary>The target's metric after so many training steps.</summary>
public sealed record QualityPoint(long Step, double Value);

/// <param name="TrainSeconds">All training and evaluation of the run, or all inference.</param>
/// <param name="TimeToTargetSeconds">Until the target was first met; absent when it never was.</param>
/// <param name="PeakMemoryBytes">Largest resident set of the process during the run; 0 when the system does not say.</param>
public sealed record CostRecord(double TrainSeconds, double? TimeToTargetSeconds, double MeasuringSeconds, long PeakMemoryBytes)
{
    /// <summary>How the peak was found; left out of runs from before budgets were asserted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PeakMemoryFrom { get; init; }

    /// <summary>The entry's, when it has one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Budget? Budget { get; init; }
}

/// <summary>The validity line that follows from the memory a run took. Time fails no run: it is the machine's as much as the workload's.</summary>
public static class BudgetValidity
{
    public const string Memory = "memory budget";

    public static IReadOnlyList<ValidityLine> Lines(CostRecord cost) => cost is { Budget: { } budget, PeakMemoryBytes: > 0 and var bytes }
        ? [new(Memory, budget.Holds(bytes), budget.Holds(bytes) ? budget.Memory(bytes) : budget.TooMuch(bytes))]
        : [];
}

/// <summary>The validity lines that follow from the target and its constraints.</summary>
public static class QualityValidity
{
    public static IReadOnlyList<ValidityLine> Lines(QualityRecord quality) =>
        [.. quality.Checks.Select(check => new ValidityLine($"quality {check.Metric}", check.Met, check.ToString()))];
}
