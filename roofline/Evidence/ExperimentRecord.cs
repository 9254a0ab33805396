using System.Text.Json.Serialization;

namespace MlPerfEdu.Roofline.Evidence;

/// <summary>What an experiment measured, and what followed. Written as a sidecar next to those of workloads.</summary>
public sealed record ExperimentRecord : IRunRecord, ISealed<ExperimentRecord>
{
    public const int CurrentSchema = 2;

    public required int Schema { get; init; }
    public required WorkloadIdentity Experiment { get; init; }

    /// <summary>UTC, as 2026-01-31T12-00-00Z; part of the file's name.</summary>
    public required string MeasuredAt { get; init; }

    public required IReadOnlyDictionary<string, string> Settings { get; init; }
    public required IReadOnlyDictionary<string, string> Versions { get; init; }
    public required SourceState Source { get; init; }
    public required MachineRecord Machine { get; init; }
    public required IReadOnlyList<MeasuredPoint> Points { get; init; }

    /// <summary>Everything derived from the points.</summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    public required IReadOnlyList<QualityCheck> Checks { get; init; }
    public required double Seconds { get; init; }

    /// <summary>How long threads waited for a core meanwhile; absent where the system does not say.</summary>
    public required double? QueuedSeconds { get; init; }

    public required long PeakMemoryBytes { get; init; }

    /// <summary>How the peak was found; left out of runs from before budgets were asserted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PeakMemoryFrom { get; init; }

    /// <summary>The entry's, when it has one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Budget? Budget { get; init; }

    [JsonIgnore]
    public bool MemoryHolds => Budget?.Holds(PeakMemoryBytes) ?? true;

    /// <summary>Over this document with this field empty; its first 12 digits end the file's name.</summary>
    public string ContentSha256 { get; init; } = "";

    WorkloadIdentity IRunRecord.Subject => Experiment;
    ExperimentRecord ISealed<ExperimentRecord>.WithHash(string sha256) => this with { ContentSha256 = sha256 };
}

/// <summary>One place that an experiment measured, with every sample.</summary>
/// <param name="Name">What was measured there.</param>
/// <param name="At">Where: sizes and counts by name.</param>
/// <param name="Unit">Of the samples: "seconds", mostly.</param>
public sealed record MeasuredPoint(string Name, IReadOnlyDictionary<string, double> At, string Unit, IReadOnlyList<double> Samples);
