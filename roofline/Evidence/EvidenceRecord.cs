using System.Text.Json.Serialization;
using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Load;
using MlPerfEdu.Roofline.Measure;
using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Evidence;

/// <summary>What ran, where, on what, how well, and whether it counts. Written as a sidecar, read only from there.</summary>
public sealed record EvidenceRecord : IRunRecord
{
    public const int CurrentSchema = 3;

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

    /// <summary>Of a model that answers queries.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ServingRecord? Serving { get; init; }

    /// <summary>SHA-256 of the losses in order, or of the answers: the same for every run with this seed, data and thread count.</summary>
    public required string TrajectorySha256 { get; init; }

    public required CostRecord Cost { get; init; }

    /// <summary>One line per constraint: whether the run counts, and why.</summary>
    public required IReadOnlyList<ValidityLine> Validity { get; init; }

    /// <summary>Over this document with this field empty; its first 12 digits end the file's name.</summary>
    public string ContentSha256 { get; init; } = "";

    WorkloadIdentity IRunRecord.Subject => Workload;
}
