using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Peaks;
using MlPerfEdu.Roofline.Tests.Classify;
using MlPerfEdu.Roofline.Tests.Count;

namespace MlPerfEdu.Roofline.Tests;

/// <summary>A machine that does not exist, with round numbers: 100 GFLOP/s, 10 GB/s memory, 40 GB/s cache of 32 MB, 1 µs per operator.</summary>
static class Sample
{
    public const double Compute = 100e9;
    public const double Memory = 10e9;
    public const double Cache = 40e9;
    public const double Nominal = 110e9;
    public const double EmptyOperator = 1e-6;
    public const int Rounds = 12;

    public static MachineFacts Facts { get; } = new()
    {
        OsFamily = "linux",
        Architecture = "x64",
        CpuVendor = "ImaginaryCpus",
        CpuModel = "Model 9",
        Isa = ["avx2", "fma"],
        PhysicalCores = 2,
        LogicalCores = 4,
        AvailableThreads = 2,
        Caches = [new(1, "data", 32 << 10, 2), new(2, "unified", 1 << 20, 2), new(3, "unified", 32_000_000, 4)],
        MemoryBytes = 16L << 30,
    };

    public static CalibrationSample Calibration { get; } = new(Compute, Memory, Cache, EmptyOperator);

    public static MachinePeaks Peaks { get; } = ContentHash.Seal(new MachinePeaks
    {
        Schema = MachinePeaks.CurrentSchema,
        Fingerprint = Fingerprint.Of(Facts),
        MeasuredAt = "2026-01-31T12-00-00Z",
        Backend = "imaginary torch",
        Threads = 2,
        Series =
        [
            Series(PeakKind.Gemm, "", 1024, PeakSeries.Flops, Compute),
            Series(PeakKind.Gemm, "", 512, PeakSeries.Flops, Compute / 2),
            Series(PeakKind.Fma, "", 0, PeakSeries.Flops, Nominal),
            Series(PeakKind.Triad, MemoryLevels.LastLevelCache, 16_000_000, PeakSeries.Bytes, Cache),
            Series(PeakKind.Triad, MemoryLevels.Memory, 128_000_000, PeakSeries.Bytes, Memory),
            Series(PeakKind.EmptyOperator, "", 0, PeakSeries.Seconds, EmptyOperator),
        ],
        LastLevelCache = new CapacityProbe([new(1_000_000, 1e-11), new(64_000_000, 1e-10)], new Interval(24_000_000, 28_000_000), 32_000_000),
        Reference = [.. Enumerable.Repeat(Calibration, 9)],
        ContentSha256 = "",
    });

    public static StepCount Count { get; } =
        Models.DsCnn(8, update =>
        {
            update.ClipGradientNorm(UpdateStyle.Flat);
            update.AdamW(UpdateStyle.Flat);
        });

    /// <param name="slowness">1 when the machine is as fast as at its peaks; calibration and steps take this much longer.</param>
    public static StepMeasurement Measurement(double stepSeconds, double slowness = 1, double? doubledSeconds = null) => new()
    {
        WarmUpSteps = 3,
        Confidence = 0.99,
        Rounds = [.. Enumerable.Repeat(Round(slowness * stepSeconds, slowness, slowness * doubledSeconds), Rounds)],
        RecordedCalls = null,
        Recording = "not available on this system",
        MeasuringSeconds = 1.5,
    };

    public static SampleRound Round(double stepSeconds, double slowness = 1, double? doubledSeconds = null) => new(
        new CalibrationSample(Compute / slowness, Memory / slowness, Cache / slowness, EmptyOperator * slowness),
        [stepSeconds],
        doubledSeconds is { } doubled ? [doubled] : [],
        stepSeconds,
        0);

    public static EvidenceRecord Evidence()
    {
        var measurement = Measurement(stepSeconds: 0.04);
        var quality = new QualityRecord(
            new QualityCheck("accuracy", QualityBound.AtLeast, 0.9, 0.93),
            [new QualityCheck("worst_recall", QualityBound.AtLeast, 0.5, 0.61)],
            [new(100, 0.5), new(200, 0.93)],
            new Dictionary<string, double> { ["recall yes"] = 0.95, ["recall no"] = 0.61 });
        return new EvidenceRecord
        {
            Schema = EvidenceRecord.CurrentSchema,
            Workload = new("dscnn-kws-train", "tiny", new string('a', 64)),
            MeasuredAt = "2026-01-31T12-30-00Z",
            Settings = new Dictionary<string, string> { ["batch"] = "8", ["Learning rate"] = "0.001" },
            Seed = 1,
            Versions = new Dictionary<string, string> { ["dotnet"] = "10.0.1", ["TorchSharp"] = "imaginary ≥ 0.1" },
            Source = new("0123456789012345678901234567890123456789", false),
            Data = new("speech", "real", new Dictionary<string, string> { ["train.bin"] = new string('b', 64) }),
            Machine = MachineRecord.Of(Facts),
            Peaks = Peaks,
            Count = Count,
            Measurement = measurement,
            Thresholds = Thresholds.Usual,
            Regimes = RegimeDerivation.Derive(Count, measurement, Peaks, Thresholds.Usual),
            Quality = quality,
            TrajectorySha256 = new string('c', 64),
            Cost = new(12.5, 8, 1.5, 500_000_000),
            Validity = [.. QualityValidity.Lines(quality), new("data", true, "real")],
        };
    }

    static PeakSeries Series(PeakKind kind, string level, long size, string unit, double best) => new(
        kind, level, 2, size, unit, "imaginary",
        unit == PeakSeries.Seconds ? [best * 1.2, best, best * 1.1] : [best * 0.8, best, best * 0.9]);
}

sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("roofline").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
