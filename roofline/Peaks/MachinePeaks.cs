using System.Text.Json.Serialization;

namespace MlPerfEdu.Roofline.Peaks;

/// <summary>What this machine can do, measured once and kept; every run scales it by its own calibration.</summary>
public sealed record MachinePeaks
{
    public const int CurrentSchema = 2;

    public required int Schema { get; init; }

    public required string Fingerprint { get; init; }

    /// <summary>UTC, as 2026-01-31T12-00-00Z.</summary>
    public required string MeasuredAt { get; init; }

    /// <summary>The libtorch and BLAS that the matrix products ran on.</summary>
    public required string Backend { get; init; }

    public required int Threads { get; init; }

    public required IReadOnlyList<PeakSeries> Series { get; init; }

    /// <summary>Left out of peaks of schema 1, which sidecars of workloads hold.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<AbsentPeak>? Absent { get; init; }

    /// <summary>Left out of peaks of schema 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PeakPhase>? Phases { get; init; }

    public required CapacityProbe LastLevelCache { get; init; }

    /// <summary>The calibration kernels at the time of the peaks.</summary>
    public required IReadOnlyList<CalibrationSample> Reference { get; init; }

    /// <summary>Over this document with this field empty.</summary>
    public required string ContentSha256 { get; init; }

    public PeakSeries? Find(PeakKind kind, string level = "") => Series
        .Where(series => series.Kind == kind && series.Level == level && (series.Threads == Threads || series.IsTime))
        .OrderBy(series => series.IsTime ? series.Best : -series.Best)
        .FirstOrDefault();
}
