using System.Text.Json.Serialization;

namespace MlPerfEdu.Roofline.Peaks;

/// <summary>The peak rates of this machine, measured once and kept; every run scales them by its own calibration.</summary>
public sealed record MachinePeaks : ISealed<MachinePeaks>
{
    public const int CurrentSchema = 2;

    public required int Schema { get; init; }
    public required string Fingerprint { get; init; }

    /// <summary>UTC, as 2026-01-31T12-00-00Z.</summary>
    public required string MeasuredAt { get; init; }

    /// <summary>The libtorch and BLAS that the matrix products ran on.</summary>
    public required string Backend { get; init; }

    public required int Threads { get; init; }

    /// <summary>What of them was measured. Left out of peaks from before they had parts, which have all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PeakPart>? Parts { get; init; }

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

    MachinePeaks ISealed<MachinePeaks>.WithHash(string sha256) => this with { ContentSha256 = sha256 };

    /// <summary>Those of the parts that were not measured yet.</summary>
    public IReadOnlyList<PeakPart> Without(IEnumerable<PeakPart> parts) => Parts is null ? [] : [.. parts.Except(Parts)];

    public PeakSeries? Find(PeakKind kind, string level = "") => Series
        .Where(series => series.Kind == kind && series.Level == level && (series.Threads == Threads || series.IsTime))
        .OrderBy(series => series.IsTime ? series.Best : -series.Best)
        .FirstOrDefault();
}

/// <summary>What is measured together, when something first needs it.</summary>
public enum PeakPart
{
    /// <summary>What the regimes of every run need, on all threads: fp32 products, multiply-adds, triads, the last-level cache, the calibration.</summary>
    Roofs,

    /// <summary>Products of bf16 matrices on all threads: the compute roof of a run at that precision.</summary>
    Bf16,

    /// <summary>What only a person asks for: other thread counts, types, widths, levels and streams, and allocation.</summary>
    Rest,
}

public enum PeakKind
{
    Gemm,
    GemmBf16,
    GemmInt8,
    Fma,
    FmaTile,
    Triad,
    Copy,
    Read,
    Update,
    FirstTouch,
    AllocatedAgain,
    Refilled,
    SmallAllocation,
    EmptyOperator,
}

/// <param name="Level">Memory level that a bandwidth probe stays in: L1, L2, LLC, memory. Empty for the others.</param>
/// <param name="Size">Rows of a square matrix product, bytes of a working set or a tensor, or bits of a vector.</param>
/// <param name="Unit">FLOP/s, B/s or s.</param>
/// <param name="Convention">What exactly is counted.</param>
public sealed record PeakSeries(
    PeakKind Kind, string Level, int Threads, long Size, string Unit, string Convention, IReadOnlyList<double> Samples)
{
    public const string Flops = "FLOP/s";
    public const string Bytes = "B/s";
    public const string Seconds = "s";

    /// <summary>The roof: nothing that was repeated was faster.</summary>
    public double Best => Unit == Seconds ? Samples.Min() : Samples.Max();

    public double Median => Statistics.Median(Samples);

    [JsonIgnore]
    public bool IsTime => Unit == Seconds;
}

public static class MemoryLevels
{
    public const string L1 = "L1";
    public const string L2 = "L2";
    public const string LastLevelCache = "LLC";
    public const string Memory = "memory";
}

/// <summary>A probe that this machine's libtorch has no kernel for.</summary>
/// <param name="Reason">In libtorch's words.</param>
public sealed record AbsentPeak(PeakKind Kind, string Reason);

/// <summary>Time per byte of streaming over a set of this size.</summary>
public sealed record CapacityPoint(long SetBytes, double SecondsPerByte);

/// <summary>The capacity of the last-level cache: measured, and as the operating system states it.</summary>
/// <param name="Knee">Largest set that still streams at cache speed and smallest that does not; absent when no knee was found.</param>
/// <param name="StatedBytes">The operating system's figure; absent when it states none.</param>
public sealed record CapacityProbe(IReadOnlyList<CapacityPoint> Points, Interval? Knee, long? StatedBytes)
{
    /// <summary>Covers both: on a shared machine either may be wrong.</summary>
    public Interval? Bytes => (Knee, StatedBytes) switch
    {
        ({ } knee, { } stated) => knee.Span(Interval.Exactly(stated)),
        ({ } knee, null) => knee,
        (null, { } stated) => Interval.Exactly(stated),
        _ => null,
    };
}

/// <summary>One short round of the calibration kernels.</summary>
/// <param name="GemmFlops">FLOP/s of a few square matrix products.</param>
/// <param name="MemoryTriadBytes">byte/s of a triad far larger than the last-level cache.</param>
/// <param name="CacheTriadBytes">byte/s of a triad that fits half of it.</param>
/// <param name="EmptyOperatorSeconds">Time of one operator on almost no data.</param>
public sealed record CalibrationSample(
    double GemmFlops, double MemoryTriadBytes, double CacheTriadBytes, double EmptyOperatorSeconds);

public sealed record PeakPhase(string Name, double Seconds);
