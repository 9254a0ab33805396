using MlPerfEdu.Catalog;
using MlPerfEdu.Data;
using MlPerfEdu.Engine;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Workloads.Tests.Cli;

/// <summary>Evidence that verifies, of a run and a machine that do not exist.</summary>
static class SampleEvidence
{
    const int Rounds = 12;
    const double Compute = 100e9;
    const double Memory = 10e9;
    const double Cache = 40e9;
    const double EmptyOperator = 1e-6;

    public static MachineFacts Facts { get; } = new()
    {
        OsFamily = "linux",
        Architecture = "x64",
        CpuVendor = "ImaginaryCpus",
        CpuModel = "Model 9",
        Isa = ["avx2", "fma"],
        PhysicalCores = 2,
        LogicalCores = 2,
        AvailableThreads = 2,
        Caches = [new(3, "unified", 32_000_000, 2)],
        MemoryBytes = 16L << 30,
    };

    public static string MachineClass { get; } = Roofline.Detect.MachineClass.Of(Facts);

    static readonly CalibrationSample Calibration = new(Compute, Memory, Cache, EmptyOperator);

    public static MachinePeaks Peaks { get; } = ContentHash.Seal(new MachinePeaks
    {
        Schema = MachinePeaks.CurrentSchema,
        Fingerprint = Fingerprint.Of(Facts),
        MeasuredAt = "2026-01-01T00-00-00Z",
        Backend = "imaginary torch",
        Threads = 2,
        Series =
        [
            new(PeakKind.Gemm, "", 2, 1024, PeakSeries.Flops, "imaginary", [Compute]),
            new(PeakKind.Triad, MemoryLevels.LastLevelCache, 2, 16_000_000, PeakSeries.Bytes, "imaginary", [Cache]),
            new(PeakKind.Triad, MemoryLevels.Memory, 2, 128_000_000, PeakSeries.Bytes, "imaginary", [Memory]),
            new(PeakKind.EmptyOperator, "", 1, 0, PeakSeries.Seconds, "imaginary", [EmptyOperator]),
        ],
        LastLevelCache = new CapacityProbe([], null, 32_000_000),
        Reference = [.. Enumerable.Repeat(Calibration, 9)],
        ContentSha256 = "",
    });

    static readonly StepCount Count = new(8,
    [
        new LayerCount
        {
            Layer = "only",
            Kind = "linear",
            Output = [8, 5],
            Parameters = 20,
            ForwardMacs = 160,
            Forward = new(320, 0, 1000, 1),
            WeightGradient = new(320, 0, 1000, 1),
            Optimizer = new(0, 200, 400, 1),
            UniqueBytes = 2000,
        },
    ]);

    public static ValidityLine DataAsDeclared { get; } = new("data tier as declared", true, "synthetic-strokes is embedded, workloads.yaml says embedded");

    /// <param name="accuracy">The target of the sample workloads is 0.9.</param>
    public static EvidenceRecord Of(ModelEntry entry, string at, double accuracy = 0.93)
    {
        var thresholds = new RegimeThresholds(new(0.5, 4), new(0.5, 2), new(0.25, 0.5, 0.5));
        var measurement = new StepMeasurement
        {
            WarmUpSteps = 1,
            Confidence = 0.99,
            Rounds = [.. Enumerable.Repeat(new SampleRound(Calibration, [1e-3], [2e-3], 5e-3, 0), Rounds)],
            RecordedCalls = null,
            Recording = "not available on this system",
            MeasuringSeconds = 1.5,
        };
        var quality = new QualityRecord(new("accuracy", QualityBound.AtLeast, 0.9, accuracy), [], [new(3, 0.5), new(6, accuracy)], new Dictionary<string, double> { ["accuracy"] = accuracy });
        return new EvidenceRecord
        {
            Schema = EvidenceRecord.CurrentSchema,
            Workload = new(entry.Id, entry.Suite, entry.Sha256),
            MeasuredAt = at,
            Settings = EntrySettings.Of(entry),
            Seed = 1,
            Versions = new Dictionary<string, string> { ["dotnet"] = "10.0.1" },
            Source = SourceState.Unknown,
            Data = new("synthetic-strokes", "embedded", new Dictionary<string, string> { ["contents"] = DataCatalog.BuiltIn["synthetic-strokes"].ContentsSha256! }),
            Machine = MachineRecord.Of(Facts),
            Peaks = Peaks,
            Count = Count,
            Measurement = measurement,
            Thresholds = thresholds,
            Regimes = RegimeDerivation.Derive(Count, measurement, Peaks, thresholds),
            Quality = quality,
            TrajectorySha256 = new string('c', 64),
            Cost = new(12.5, accuracy >= 0.9 ? 8 : null, 1.5, 500_000_000),
            Validity = [.. QualityValidity.Lines(quality), DataAsDeclared],
        };
    }

    /// <summary>The same run on another machine that is as fast.</summary>
    public static EvidenceRecord On(EvidenceRecord record, MachineFacts facts) => record with
    {
        Machine = MachineRecord.Of(facts),
        Peaks = ContentHash.Seal(record.Peaks with { Fingerprint = Fingerprint.Of(facts) }),
    };

    /// <summary>Of an experiment whose entry is no more, so that nothing has to follow from its points.</summary>
    public static ExperimentRecord OfExperiment(string id, string at) => new()
    {
        Schema = ExperimentRecord.CurrentSchema,
        Experiment = new(id, "asked", new string('e', 64)),
        MeasuredAt = at,
        Settings = new Dictionary<string, string>(),
        Versions = new Dictionary<string, string> { ["dotnet"] = "10.0.1" },
        Source = SourceState.Unknown,
        Machine = MachineRecord.Of(Facts),
        Points = [],
        Metrics = new Dictionary<string, double> { ["sizes"] = 2 },
        Checks = [new("sizes", QualityBound.AtLeast, 2, 2)],
        Seconds = 12.5,
        QueuedSeconds = null,
        PeakMemoryBytes = 500_000_000,
    };

    /// <summary>The same run with another score, and all that follows from it.</summary>
    public static EvidenceRecord Scored(EvidenceRecord record, double accuracy)
    {
        var quality = record.Quality with
        {
            Target = record.Quality.Target with { Value = accuracy },
            Curve = [new(3, 0.5), new(6, accuracy)],
            Metrics = new Dictionary<string, double> { ["accuracy"] = accuracy },
        };
        return record with
        {
            Quality = quality,
            Cost = record.Cost with { TimeToTargetSeconds = quality.Met ? record.Cost.TimeToTargetSeconds : null },
            Validity = [.. QualityValidity.Lines(quality), DataAsDeclared],
        };
    }

    /// <summary>The same run with steps that take longer.</summary>
    public static EvidenceRecord Slowed(EvidenceRecord record, double factor) =>
        WithRounds(record, round => round with
        {
            StepSeconds = [.. round.StepSeconds.Select(step => factor * step)],
            Seconds = Math.Max(round.Seconds, factor * round.Seconds),
        });

    /// <summary>The same run on another machine of the class.</summary>
    public static EvidenceRecord OnAnotherMachine(EvidenceRecord record) => On(record, Facts with { CpuModel = "Model 10" });

    /// <summary>The same run on cores that others held.</summary>
    public static EvidenceRecord Disturbed(EvidenceRecord record) => WithRounds(record, round => round with { QueuedSeconds = round.Seconds });

    static EvidenceRecord WithRounds(EvidenceRecord record, Func<SampleRound, SampleRound> change)
    {
        var measurement = record.Measurement with { Rounds = [.. record.Measurement.Rounds.Select(change)] };
        var regimes = RegimeDerivation.Derive(record.Count, measurement, record.Peaks, record.Thresholds);
        return record with { Measurement = measurement, Regimes = regimes };
    }
}
