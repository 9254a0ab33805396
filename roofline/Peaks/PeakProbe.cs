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
        var phases = new List<PeakPhase>();
        var done = 0.0;
        PeakSeries[] series =
        [
            // First: memory that nothing has used yet is soon gone.
            .. Phase("operators and allocation", 0.03, new OperatorPeaks(torch, facts).Run),
            .. Phase("bandwidth", 0.23, new StreamPeaks(facts, torch.Threads, SampleSeconds).Run),
            .. Phase("multiply-adds and products", 0.59, products.Run),
        ];
        var lastLevelCache = Phase<CapacityProbe>("last-level cache", 0.1, tell => [LastLevelCacheProbe.Run(facts, tell)])[0];
        var reference = Phase("calibration", 0.05, Reference);
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
            Phases = phases,
            LastLevelCache = lastLevelCache,
            Reference = reference,
            ContentSha256 = "",
        });

        // A phase takes about this share of the whole time.
        T[] Phase<T>(string name, double share, Func<Action<double>, IEnumerable<T>> run)
        {
            var start = Stopwatch.GetTimestamp();
            Tell(0);
            T[] output = [.. run(Tell)];
            done += share;
            phases.Add(new PeakPhase(name, Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 3)));
            return output;

            void Tell(double part) => progress?.Invoke(new PeakProgress(name, done + share * part));
        }
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

/// <param name="Series">Still without samples.</param>
sealed record PeakTask(PeakSeries Series, Func<double> Sample)
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

        return tasks.Select((task, index) => task.Series with { Samples = samples[index] });
    }
}
