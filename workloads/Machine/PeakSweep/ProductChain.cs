using System.Diagnostics;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Machine.PeakSweep;

/// <summary>W_depth · … · W_1 · x: weights C×C, each its own memory, and x C×S. The same as a chain of 1×1 convolutions over S positions.</summary>
sealed class ProductChain : IDisposable
{
    readonly Tensor[] weights;
    readonly Tensor input;
    // Written in turn, so that no step allocates.
    readonly Tensor[] results;

    public ProductChain(int channels, int depth, int columns, ScalarType type)
    {
        // Scaled by 1/√C, so that values neither grow nor vanish along the chain.
        weights = [.. Enumerable.Range(0, depth).Select(_ => randn(channels, channels).div_(Math.Sqrt(channels)).to_type(type))];
        input = randn(channels, columns).to_type(type);
        results = [zeros(channels, columns, dtype: type), zeros(channels, columns, dtype: type)];
    }

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
        for (var layer = 0; layer < weights.Length; layer++)
            x = results[layer % 2].addmm_(weights[layer], x, beta: 0, alpha: 1);
        return x;
    }

    public void Dispose()
    {
        foreach (var tensor in weights.Concat(results).Append(input))
            tensor.Dispose();
    }
}
