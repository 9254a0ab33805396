using System.Diagnostics;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Machine.PeakSweep;

/// <summary>
/// All chains in turn, repeatedly: a slow second of the machine is then an outlier of many chains, not the time of one. Each round
/// begins with the largest product, so that both see the same machine.
/// </summary>
sealed class SweepRounds(Geometry geometry, int threads, IReadOnlyList<SweepPoint> points, SweepWeights weights) : IDisposable
{
    readonly ProductChain largest = Chain(Largest(geometry), weights);
    readonly List<ProductChain> chains = [.. points.Select(point => Chain(point, weights))];
    readonly List<double>[] samples = [.. points.Select(_ => new List<double>())];
    readonly int[] perRound = new int[points.Count];
    readonly List<double> references = [];
    readonly List<double> floors = [];

    static SweepPoint Largest(Geometry geometry) => new(geometry.Int("reference_size"), 1, geometry.Int("reference_size"));
    static ProductChain Chain(SweepPoint point, SweepWeights weights) => new(weights.Of(point.Channels, point.Depth), point.Columns);

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
        var all = new Dictionary<string, double> { ["threads"] = threads };
        return
        [
            .. points.Select((point, index) => new MeasuredPoint(SweepPoints.Chain, point.At(threads), "seconds", samples[index])),
            .. points.Index().Where(point => point.Item.Depth <= geometry.Int("checked_depth")).Select(point =>
                new MeasuredPoint(SweepPoints.Error, point.Item.At(threads), "relative", [chains[point.Index].Error()])),
            new(SweepPoints.Largest, Largest(geometry).At(threads), "seconds", references),
            new(SweepPoints.Floor, all, "seconds", floors),
        ];
    }

    // The same number in each round, so that a sample's index tells its round.
    void Sample(int index)
    {
        // The caches still hold the chain before; this untimed run replaces it.
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

/// <summary>W_depth · … · W_1 · x with separate weights C×C, and x C×S: the work of 1×1 convolutions over S positions.</summary>
/// <param name="weights">Not owned: chains of the same width share them.</param>
sealed class ProductChain(IReadOnlyList<Tensor> weights, int columns) : IDisposable
{
    readonly Tensor input = randn(weights[0].shape[0], columns);

    // Written alternately, so that no step allocates.
    readonly Tensor[] outputs = [zeros(weights[0].shape[0], columns), zeros(weights[0].shape[0], columns)];

    public double Seconds()
    {
        using var mode = no_grad();
        var start = Stopwatch.GetTimestamp();
        Run();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Largest distance from the same chain in double precision, over that one's largest value.</summary>
    public double Error()
    {
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        var exact = weights.Aggregate(input.to_type(ScalarType.Float64), (x, weight) => weight.to_type(ScalarType.Float64).mm(x));
        return ((Run().to_type(ScalarType.Float64) - exact).abs().max() / exact.abs().max()).item<double>();
    }

    Tensor Run()
    {
        var x = input;
        for (var layer = 0; layer < weights.Count; layer++)
            x = outputs[layer % 2].addmm_(weights[layer], x, beta: 0, alpha: 1);
        return x;
    }

    public void Dispose()
    {
        foreach (var tensor in outputs.Append(input))
            tensor.Dispose();
    }
}

/// <summary>The weights of all chains, which fit into memory because chains of the same width share them.</summary>
sealed class SweepWeights : IDisposable
{
    readonly Dictionary<int, List<Tensor>> byWidth = [];

    public IReadOnlyList<Tensor> Of(int channels, int depth)
    {
        if (!byWidth.TryGetValue(channels, out var weights))
            byWidth[channels] = weights = [];
        // Scaled by 1/√C, so that values neither grow nor vanish along the chain.
        while (weights.Count < depth)
            weights.Add(randn(channels, channels).div_(Math.Sqrt(channels)));
        return weights[..depth];
    }

    public void Dispose()
    {
        foreach (var tensor in byWidth.Values.SelectMany(weights => weights))
            tensor.Dispose();
    }
}
