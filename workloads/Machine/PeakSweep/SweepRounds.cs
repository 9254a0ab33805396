using System.Diagnostics;
using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Evidence;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Machine.PeakSweep;

/// <summary>
/// All chains in turn, and again: a slow second of the machine is an outlier of many chains, not the time of one. Each round begins with
/// the largest product, so that both see the same machine.
/// </summary>
sealed class SweepRounds : IDisposable
{
    readonly Geometry geometry;
    readonly int threads;
    readonly IReadOnlyList<SweepPoint> points;
    readonly SweepPoint size;
    readonly ProductChain largest;
    readonly List<ProductChain> chains;
    readonly List<double>[] samples;
    readonly int[] perRound;
    readonly List<double> references = [];
    readonly List<double> floors = [];

    public SweepRounds(Geometry geometry, int threads, IReadOnlyList<SweepPoint> points, SharedWeights weights)
    {
        (this.geometry, this.threads, this.points) = (geometry, threads, points);
        size = new SweepPoint(geometry.Int("reference_size"), 1, geometry.Int("reference_size"));
        largest = Chain(size);
        chains = [.. points.Select(Chain)];
        samples = [.. points.Select(_ => new List<double>())];
        perRound = new int[points.Count];

        ProductChain Chain(SweepPoint point) => new(weights.Of(point.Channels, point.Depth), point.Columns);
    }

    public IEnumerable<MeasuredPoint> Measure(Action<double, string> report, CancellationToken stop)
    {
        var rounds = geometry.Int("rounds");
        largest.Seconds();
        for (var round = 0; round < rounds; round++)
        {
            report((double)round / rounds, $"{threads} threads, round {round + 1} of {rounds}");
            for (var sample = 0; sample < geometry.Int("references_per_round"); sample++)
            {
                stop.ThrowIfCancellationRequested();
                references.Add(largest.Seconds());
            }

            floors.Add(EmptyOperator());
            for (var index = 0; index < chains.Count; index++)
            {
                stop.ThrowIfCancellationRequested();
                Sample(index);
            }
        }

        var all = new Dictionary<string, double>(StringComparer.Ordinal) { ["threads"] = threads };
        return
        [
            .. points.Select((point, index) => new MeasuredPoint(SweepPoints.Chain, point.At(threads), "seconds", samples[index])),
            .. points.Index().Where(point => point.Item.Depth <= geometry.Int("checked_depth")).Select(point =>
                new MeasuredPoint(SweepPoints.Error, point.Item.At(threads), "relative", [chains[point.Index].Error()])),
            new(SweepPoints.Largest, size.At(threads), "seconds", references),
            new(SweepPoints.Floor, all, "seconds", floors),
        ];
    }

    // As many in each round, so that the samples say which round they are of.
    void Sample(int index)
    {
        // What lies in the caches is of the chain before.
        var cold = chains[index].Seconds();
        if (perRound[index] == 0)
            perRound[index] = (int)Math.Clamp(geometry.Number("seconds_per_round") / cold, 1, geometry.Int("most_samples_per_round"));
        for (var sample = 0; sample < perRound[index]; sample++)
            samples[index].Add(chains[index].Seconds());
    }

    static double EmptyOperator()
    {
        const int calls = 1000;
        using var mode = no_grad();
        using var one = ones(1);
        var start = Stopwatch.GetTimestamp();
        for (var call = 0; call < calls; call++)
            one.add_(1);
        return Stopwatch.GetElapsedTime(start).TotalSeconds / calls;
    }

    public void Dispose()
    {
        foreach (var chain in chains.Append(largest))
            chain.Dispose();
    }
}
