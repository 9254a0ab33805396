using MlPerfEdu.Roofline.Compare;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Report;

namespace MlPerfEdu.Roofline.Tests.Compare;

/// <summary>An experiment that nobody ran, and findings of it.</summary>
static class SampleExperiment
{
    const int Rounds = 16;

    public static ExperimentRecord Record { get; } = new()
    {
        Schema = ExperimentRecord.CurrentSchema,
        Experiment = new("asked", "machine", new string('a', 64)),
        MeasuredAt = "2026-01-31T12-30-00Z",
        Settings = new Dictionary<string, string> { ["geometry.size"] = "8" },
        Versions = new Dictionary<string, string> { ["dotnet"] = "10.0.1", ["threads"] = "2" },
        Source = new("0123456789012345678901234567890123456789", false),
        Machine = MachineRecord.Of(Sample.Facts),
        Points = [],
        Metrics = new Dictionary<string, double> { ["share"] = 0.9 },
        Checks = [new("share", QualityBound.AtLeast, 0.5, 0.9), new("share", QualityBound.AtMost, 1.1, 0.9)],
        Seconds = 10,
        QueuedSeconds = 0.1,
        PeakMemoryBytes = 500_000_000,
    };

    /// <param name="seed">Of a noise of a few percent, and of now and then much more.</param>
    public static TimeFinding Time(string name, double seconds, int seed, double machine = 1, bool oneThread = false)
    {
        var random = new Random(seed);
        return new(
            name,
            [.. Enumerable.Range(0, Rounds).Select(_ => new TimedRound([Sample(), Sample()], machine * Noise()))],
            oneThread, Units.Seconds);

        double Sample() => seconds * machine * Noise();

        double Noise() => 1 + 0.03 * random.NextDouble() + (random.NextDouble() < 0.1 ? random.NextDouble() : 0);
    }

    /// <summary>What is said of the run with these findings, after one with those.</summary>
    public static EvidenceDiff Diff(
        IReadOnlyList<Finding>? before, IReadOnlyList<Finding>? after, Func<ExperimentRecord, ExperimentRecord>? change = null)
    {
        var later = Record with { MeasuredAt = "2026-02-01T12-30-00Z" };
        return EvidenceDiff.Of(
            Record, change is null ? later : change(later), record => record.MeasuredAt == Record.MeasuredAt ? before : after);
    }
}
