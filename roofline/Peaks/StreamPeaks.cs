using MlPerfEdu.Roofline.Detect;

namespace MlPerfEdu.Roofline.Peaks;

/// <summary>Bandwidth of every memory level, on all threads.</summary>
sealed class StreamPeaks(MachineFacts facts, int threads, double sampleSeconds)
{
    static readonly PeakKind[] Streams = [PeakKind.Triad, PeakKind.Copy, PeakKind.Read, PeakKind.Update];

    public IEnumerable<PeakSeries> Run(Action<double> progress)
    {
        using var team = new ThreadTeam(threads);
        (string Level, long Bytes)[] levels =
        [
            .. Private(MemoryLevels.L1, 1),
            .. Private(MemoryLevels.L2, 2),
            (MemoryLevels.LastLevelCache, WorkingSets.LastLevelCache(facts)),
            (MemoryLevels.Memory, WorkingSets.Memory(facts)),
        ];
        for (var level = 0; level < levels.Length; level++)
        {
            var probe = new BandwidthProbe(team, levels[level].Bytes, sampleSeconds);
            for (var stream = 0; stream < Streams.Length; stream++)
            {
                var kind = Streams[stream];
                var task = new PeakTask(
                    kind, levels[level].Level, threads, probe.SetBytes, PeakSeries.Bytes, BandwidthProbe.Convention(kind),
                    () => probe.BytesPerSecond(kind));
                var done = level * Streams.Length + stream;
                foreach (var series in PeakTask.InTurn([task], share => progress((done + share) / (levels.Length * Streams.Length))))
                    yield return series;
            }
        }
    }

    IEnumerable<(string Level, long Bytes)> Private(string name, int level)
    {
        if (WorkingSets.Private(facts, level, threads) is { } bytes)
            yield return (name, bytes);
    }
}
