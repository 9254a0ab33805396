using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Machine.PeakSweep;

/// <summary>W_depth · … · W_1 · x: weights C×C, each its own memory, and x C×S. The same as a chain of 1×1 convolutions over S positions.</summary>
/// <param name="weights">Not this chain's own: chains of the same width may have them in common.</param>
sealed class ProductChain(IReadOnlyList<Tensor> weights, int columns) : IDisposable
{
    readonly Tensor input = randn(weights[0].shape[0], columns);

    // Written in turn, so that no step allocates.
    readonly Tensor[] results = [zeros(weights[0].shape[0], columns), zeros(weights[0].shape[0], columns)];

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
            x = results[layer % 2].addmm_(weights[layer], x, beta: 0, alpha: 1);
        return x;
    }

    public void Dispose()
    {
        foreach (var tensor in results.Append(input))
            tensor.Dispose();
    }
}
