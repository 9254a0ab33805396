using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Peaks;

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

/// <summary>The sidecar of a machine's peaks: what was measured, where, by which commit, and what follows from it.</summary>
public sealed record PeakEvidence : ISidecar, ISealed<PeakEvidence>
{
    public const int CurrentSchema = 1;

    const string IdPrefix = "peaks-";

    public required int Schema { get; init; }
    public required SourceState Source { get; init; }
    public required MachineRecord Machine { get; init; }

    /// <summary>With the raw repeats of every probe.</summary>
    public required MachinePeaks Peaks { get; init; }

    public required IReadOnlyList<GemmShare> GemmShares { get; init; }

    /// <summary>Over this document with this field empty; its first 12 digits end the file's name.</summary>
    public string ContentSha256 { get; init; } = "";

    string ISidecar.Id => Id(Machine.Fingerprint);
    string ISidecar.MeasuredAt => Peaks.MeasuredAt;
    PeakEvidence ISealed<PeakEvidence>.WithHash(string sha256) => this with { ContentSha256 = sha256 };

    /// <summary>What the names of all sidecars of this machine's peaks begin with.</summary>
    public static string Id(string fingerprint) => IdPrefix + Fingerprint.Short(fingerprint);

    /// <summary>By its name: a sidecar of peaks, not of a workload.</summary>
    public static bool IsNamed(string path) => Path.GetFileName(path).StartsWith(IdPrefix, StringComparison.Ordinal);

    public static PeakEvidence Of(MachinePeaks peaks, MachineRecord machine, SourceState source) => ContentHash.Seal(new PeakEvidence
    {
        Schema = CurrentSchema,
        Source = source,
        Machine = machine,
        Peaks = peaks,
        GemmShares = GemmShare.Of(peaks),
    });
}
