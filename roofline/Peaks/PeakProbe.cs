using System.Diagnostics;
using MlPerfEdu.Roofline.Detect;

namespace MlPerfEdu.Roofline.Peaks;

/// <summary>Measures the peaks of this machine: those that a run needs in 10 to 15 seconds, all of them in less than a minute.</summary>
public sealed class PeakProbe(ITorchProbe torch, MachineFacts facts, TimeProvider time)
{
    /// <summary>Of one repeat of the C# kernels: long against the start of threads and a scheduler's tick.</summary>
    public double SampleSeconds { get; init; } = 0.05;

    /// <param name="parts">None that <paramref name="kept"/> has; without kept peaks, the roofs are always among them.</param>
    /// <param name="kept">Measured earlier, on the same threads of the same libtorch; they stay as they are.</param>
    public MachinePeaks Measure(IEnumerable<PeakPart> parts, MachinePeaks? kept = null, Action<PeakProgress>? progress = null)
    {
        PeakPart[] measured = [.. (kept is null ? parts.Append(PeakPart.Roofs) : parts).Distinct().Order()];
        var operators = new OperatorPeaks(torch, facts);
        var streams = new StreamPeaks(facts, torch.Threads, SampleSeconds);
        var products = new ProductPeaks(torch, SampleSeconds);
        CapacityProbe? lastLevelCache = null;
        var reference = new List<CalibrationSample>();
        Phase[] phases =
        [
            // First: memory that nothing has used yet is soon gone.
            new(PeakPart.Rest, "allocation", 0.4, operators.Allocation),
            new(PeakPart.Roofs, "operators", 0.1, operators.Empty),
            new(PeakPart.Roofs, "bandwidth, multiply-adds, products and calibration", 12, Roofs),
            new(PeakPart.Roofs, "last-level cache", 0.5, tell => { lastLevelCache = LastLevelCacheProbe.Run(facts, tell); return []; }),
            new(PeakPart.Bf16, "bf16 products", 2, products.Bf16),
            new(PeakPart.Rest, "other bandwidths", 6, streams.Rest),
            new(PeakPart.Rest, "other widths, types and thread counts", 15, products.Rest),
        ];
        phases = [.. phases.Where(phase => measured.Contains(phase.Part))];
        var (done, total) = (0.0, phases.Sum(phase => phase.Seconds));
        List<PeakSeries> series = [.. kept?.Series ?? []];
        var taken = new List<PeakPhase>(kept?.Phases ?? []);
        foreach (var phase in phases)
        {
            var start = Stopwatch.GetTimestamp();
            Tell(0);
            series.AddRange(phase.Run(Tell));
            done += phase.Seconds;
            taken.Add(new PeakPhase(phase.Name, Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 3)));

            void Tell(double part) => progress?.Invoke(new PeakProgress(phase.Name, (done + phase.Seconds * part) / total));
        }

        progress?.Invoke(new PeakProgress("done", 1));

        // All in turn, over ten seconds and more: a neighbour that takes a core or the cache for two of them disturbs some repeats of each, not all of one.
        IEnumerable<PeakSeries> Roofs(Action<double> tell)
        {
            using var team = new ThreadTeam(torch.Threads);
            using var calibrator = new Calibrator(torch, facts);
            calibrator.Sample();
            return PeakTask.InTurn([.. streams.Roofs(team), .. products.Roofs(team)], tell, Calibrate);

            // Before every round: a run scales the roofs by what this rate was while they were measured.
            void Calibrate()
            {
                ProductPeaks.Settle();
                reference.Add(calibrator.Sample());
                ProductPeaks.Settle();
            }
        }

        return ContentHash.Seal(new MachinePeaks
        {
            Schema = MachinePeaks.CurrentSchema,
            Fingerprint = Fingerprint.Of(facts),
            MeasuredAt = Timestamp.Text(time.GetUtcNow()),
            Backend = torch.Backend,
            Threads = torch.Threads,
            Parts = [.. (kept?.Parts ?? []).Concat(measured).Order()],
            Series = [.. series.OrderBy(one => one.Kind).ThenBy(one => one.Level, StringComparer.Ordinal).ThenBy(one => one.Threads).ThenBy(one => one.Size)],
            Absent = [.. (kept?.Absent ?? []).Concat(products.Absent).DistinctBy(absent => absent.Kind)],
            Phases = taken,
            LastLevelCache = lastLevelCache ?? kept!.LastLevelCache,
            Reference = reference.Count > 0 ? reference : kept!.Reference,
            ContentSha256 = "",
        });
    }

    /// <param name="Seconds">About; what progress is weighed by.</param>
    sealed record Phase(PeakPart Part, string Name, double Seconds, Func<Action<double>, IEnumerable<PeakSeries>> Run);
}

/// <param name="Fraction">Of the probes that are done, 0 to 1.</param>
public sealed record PeakProgress(string Probe, double Fraction);

/// <param name="Series">Still without samples.</param>
sealed record PeakTask(PeakSeries Series, Func<double> Sample)
{
    public const int Discarded = 1;
    public const int FewestRepeats = 5, MostRepeats = 9;

    // Load makes a repeat slower, never faster: a best that others come near is the machine's.
    const int NearTheBest = 3;
    const double Near = 0.02;

    /// <summary>
    /// All tasks once, then all again until the best of each is sure: they see the same moments of the machine. Another process on one core
    /// halves some of them so evenly that they seem sure; others, which share the cache, are not, and keep all going until it has left.
    /// </summary>
    /// <param name="before">Runs before every round.</param>
    public static IEnumerable<PeakSeries> InTurn(IReadOnlyList<PeakTask> tasks, Action<double> progress, Action? before = null)
    {
        var series = tasks.Select(task => task.Series with { Samples = [] }).ToArray();
        for (var round = 0; round < Discarded + MostRepeats && !series.All(IsSure); round++)
        {
            progress((double)round / (Discarded + MostRepeats));
            before?.Invoke();
            for (var task = 0; task < tasks.Count; task++)
            {
                var sample = tasks[task].Sample();
                if (round >= Discarded)
                    series[task] = series[task] with { Samples = [.. series[task].Samples, sample] };
            }
        }

        return series;
    }

    static bool IsSure(PeakSeries series) => series.Samples.Count >= FewestRepeats
        && series.Samples.Count(sample => Math.Abs(sample / series.Best - 1) <= Near) >= NearTheBest;
}
