using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Roofline.Peaks;

/// <summary>Measures every peak of this machine, in well under a minute.</summary>
public sealed class PeakProbe(ITorchProbe torch, MachineFacts facts, TimeProvider time)
{
    const int Discarded = 1;
    const int Repeats = 9;
    const int ReferenceRounds = 9;

    // A slow machine stops before the size whose repeats would take longer than this.
    const double LongestGemmSeconds = 1.5;

    static readonly int[] GemmSizes = [512, 1024, 2048, 3072];

    static readonly PeakKind[] Streams = [PeakKind.Triad, PeakKind.Copy, PeakKind.Read];

    /// <summary>Of one repeat of the C# kernels: long against the start of threads and a scheduler's tick.</summary>
    public double SampleSeconds { get; init; } = 0.05;

    public MachinePeaks Measure(Action<PeakProgress>? progress = null)
    {
        List<(string Name, Func<IEnumerable<PeakSeries>> Run)> probes =
        [
            ("fused multiply-add", FmaSeries),
            ("bandwidth", BandwidthSeries),
            ("matrix product", GemmSeries),
            ("empty operator", EmptyOperatorSeries),
        ];
        var series = new List<PeakSeries>();
        for (var probe = 0; probe < probes.Count; probe++)
        {
            progress?.Invoke(new PeakProgress(probes[probe].Name, (double)probe / (probes.Count + 2)));
            series.AddRange(probes[probe].Run());
        }

        progress?.Invoke(new PeakProgress("last-level cache", (double)probes.Count / (probes.Count + 2)));
        var lastLevelCache = LastLevelCacheProbe.Run(facts);
        progress?.Invoke(new PeakProgress("calibration", (probes.Count + 1.0) / (probes.Count + 2)));
        var peaks = new MachinePeaks
        {
            Schema = MachinePeaks.CurrentSchema,
            Fingerprint = Fingerprint.Of(facts),
            MeasuredAt = EvidenceFile.Moment(time.GetUtcNow()),
            Backend = torch.Backend,
            Threads = torch.Threads,
            Series = series,
            LastLevelCache = lastLevelCache,
            Reference = Reference(),
            ContentSha256 = "",
        };
        progress?.Invoke(new PeakProgress("done", 1));
        return ContentHash.Seal(peaks);
    }

    IEnumerable<PeakSeries> FmaSeries()
    {
        foreach (var threads in ThreadCounts())
        {
            using var team = new ThreadTeam(threads);
            var probe = new FmaProbe(team, SampleSeconds);
            yield return new PeakSeries(
                PeakKind.Fma, "", threads, 0, PeakSeries.Flops, FmaProbe.Convention, Repeat(probe.FlopsPerSecond));
        }
    }

    IEnumerable<PeakSeries> BandwidthSeries()
    {
        using var team = new ThreadTeam(torch.Threads);
        (string Level, long? Bytes)[] levels =
        [
            (MemoryLevels.L1, WorkingSets.Private(facts, 1, torch.Threads)),
            (MemoryLevels.L2, WorkingSets.Private(facts, 2, torch.Threads)),
            (MemoryLevels.LastLevelCache, WorkingSets.LastLevelCache(facts)),
            (MemoryLevels.Memory, WorkingSets.Memory(facts)),
        ];
        foreach (var (level, bytes) in levels)
        {
            if (bytes is not { } size)
                continue;
            var probe = new BandwidthProbe(team, size, SampleSeconds);
            foreach (var kind in Streams)
            {
                yield return new PeakSeries(
                    kind, level, torch.Threads, probe.SetBytes, PeakSeries.Bytes, BandwidthProbe.Convention(kind),
                    Repeat(() => probe.BytesPerSecond(kind)));
            }
        }
    }

    IEnumerable<PeakSeries> GemmSeries()
    {
        foreach (var size in GemmSizes)
        {
            var samples = Repeat(() => Gemm.Flops(size) / torch.GemmSeconds(size));
            yield return new PeakSeries(PeakKind.Gemm, "", torch.Threads, size, PeakSeries.Flops, Gemm.Convention, samples);
            if (Gemm.Flops(2 * size) / samples.Max() > LongestGemmSeconds)
                yield break;
        }
    }

    IEnumerable<PeakSeries> EmptyOperatorSeries() =>
    [
        new(PeakKind.EmptyOperator, "", 1, 0, PeakSeries.Seconds, "addition of two tensors of 4 elements, freed", Repeat(torch.EmptyOperatorSeconds)),
    ];

    CalibrationSample[] Reference()
    {
        using var calibrator = new Calibrator(torch, facts);
        calibrator.Sample();
        return [.. Enumerable.Range(0, ReferenceRounds).Select(_ => calibrator.Sample())];
    }

    // 1, 2, 4, … and all.
    IEnumerable<int> ThreadCounts() => Enumerable.Range(0, 31)
        .Select(power => 1 << power)
        .TakeWhile(threads => threads < torch.Threads)
        .Append(torch.Threads);

    static double[] Repeat(Func<double> sample) =>
        [.. Enumerable.Range(0, Discarded + Repeats).Select(_ => sample()).Skip(Discarded)];
}
