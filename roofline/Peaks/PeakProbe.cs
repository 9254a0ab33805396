using System.Diagnostics;
using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Roofline.Peaks;

/// <summary>Measures every peak of this machine, in about a minute.</summary>
public sealed class PeakProbe(ITorchProbe torch, MachineFacts facts, TimeProvider time)
{
    const int ReferenceRounds = 9;

    /// <summary>Of one repeat of the C# kernels: long against the start of threads and a scheduler's tick.</summary>
    public double SampleSeconds { get; init; } = 0.05;

    public MachinePeaks Measure(Action<PeakProgress>? progress = null)
    {
        var products = new ProductPeaks(torch, SampleSeconds);
        var phases = new PeakPhases(progress);
        PeakSeries[] series =
        [
            // First: memory that nothing has used yet is soon gone.
            .. phases.Run("operators and allocation", 0.03, new OperatorPeaks(torch, facts).Run),
            .. phases.Run("bandwidth", 0.23, new StreamPeaks(facts, torch.Threads, SampleSeconds).Run),
            .. phases.Run("multiply-adds and products", 0.59, products.Run),
        ];
        var lastLevelCache = phases.Run<CapacityProbe>("last-level cache", 0.1, tell => [LastLevelCacheProbe.Run(facts, tell)])[0];
        var reference = phases.Run("calibration", 0.05, Reference);
        progress?.Invoke(new PeakProgress("done", 1));
        return ContentHash.Seal(new MachinePeaks
        {
            Schema = MachinePeaks.CurrentSchema,
            Fingerprint = Fingerprint.Of(facts),
            MeasuredAt = EvidenceFile.Moment(time.GetUtcNow()),
            Backend = torch.Backend,
            Threads = torch.Threads,
            Series = series,
            Absent = products.Absent,
            Phases = phases.Done,
            LastLevelCache = lastLevelCache,
            Reference = reference,
            ContentSha256 = "",
        });
    }

    IEnumerable<CalibrationSample> Reference(Action<double> progress)
    {
        using var calibrator = new Calibrator(torch, facts);
        calibrator.Sample();
        for (var round = 0; round < ReferenceRounds; round++)
        {
            progress((double)round / ReferenceRounds);
            yield return calibrator.Sample();
        }
    }
}

/// <param name="Fraction">Of the probes that are done, 0 to 1.</param>
public sealed record PeakProgress(string Probe, double Fraction);

/// <summary>Runs the phases of a measurement one after the other, reports progress, and keeps how long each took.</summary>
sealed class PeakPhases(Action<PeakProgress>? progress)
{
    readonly List<PeakPhase> done = [];
    double before;

    public IReadOnlyList<PeakPhase> Done => done;

    /// <param name="share">Of the whole time, as expected.</param>
    public IReadOnlyList<T> Run<T>(string name, double share, Func<Action<double>, IEnumerable<T>> run)
    {
        var start = Stopwatch.GetTimestamp();
        Tell(0);
        T[] output = [.. run(Tell)];
        before += share;
        done.Add(new PeakPhase(name, Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 3)));
        return output;

        void Tell(double part) => progress?.Invoke(new PeakProgress(name, before + share * part));
    }
}

/// <summary>One probe, not yet repeated.</summary>
sealed record PeakTask(PeakKind Kind, string Level, int Threads, long Size, string Unit, string Convention, Func<double> Sample)
{
    public const int Discarded = 1;
    public const int Repeats = 9;

    /// <summary>All tasks once, then all again: each sees the same moments of the machine.</summary>
    /// <param name="before">Runs before every round.</param>
    public static IEnumerable<PeakSeries> InTurn(IReadOnlyList<PeakTask> tasks, Action<double> progress, Action? before = null)
    {
        var samples = tasks.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round < Discarded + Repeats; round++)
        {
            progress((double)round / (Discarded + Repeats));
            before?.Invoke();
            for (var task = 0; task < tasks.Count; task++)
            {
                var sample = tasks[task].Sample();
                if (round >= Discarded)
                    samples[task].Add(sample);
            }
        }

        return tasks.Select((task, index) => task.Of(samples[index]));
    }

    public PeakSeries Of(IReadOnlyList<double> samples) => new(Kind, Level, Threads, Size, Unit, Convention, samples);
}
