using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.MicroRl;

/// <summary>
/// The answers of a <see cref="TanhNetwork"/> for one state at a time. An episode asks up to 500 times, one state after the other, and five
/// calls of a library cost more each time than the 9,000 multiply-adds between them.
/// </summary>
public sealed class SingleState
{
    // Per layer the weights input by input, outputs side by side, filled up to whole vectors.
    readonly (float[] Weights, float[] Bias, int Inputs, int Outputs)[] layers;
    readonly TanhNetwork network;
    readonly float[][] results;

    public SingleState(TanhNetwork network)
    {
        this.network = network;
        layers = [.. network.Layers.Select(layer => Room((int)layer.weight!.shape[1], (int)layer.weight!.shape[0]))];
        results = [.. layers.Select(layer => new float[layer.Bias.Length])];
        Refresh();
    }

    /// <summary>Takes over the weights that the network has now.</summary>
    public void Refresh()
    {
        foreach (var (layer, source) in layers.Zip(network.Layers))
        {
            var weights = MemoryMarshal.Cast<byte, float>(source.weight!.bytes);
            for (var o = 0; o < layer.Outputs; o++)
            {
                for (var i = 0; i < layer.Inputs; i++) layer.Weights[i * layer.Bias.Length + o] = weights[o * layer.Inputs + i];
            }
            MemoryMarshal.Cast<byte, float>(source.bias!.bytes).CopyTo(layer.Bias);
        }
    }

    /// <summary>The network's outputs, valid until the next call.</summary>
    public ReadOnlySpan<float> Ask(ReadOnlySpan<float> state)
    {
        var inputs = state;
        for (var l = 0; l < layers.Length; l++)
        {
            Multiply(inputs, layers[l].Weights, layers[l].Bias, results[l], layers[l].Inputs);
            if (l + 1 < layers.Length) Tanh(results[l]);
            inputs = results[l];
        }
        return inputs[..layers[^1].Outputs];
    }

    static void Multiply(ReadOnlySpan<float> inputs, float[] weights, float[] bias, float[] outputs, int count)
    {
        bias.CopyTo(outputs, 0);
        var sums = MemoryMarshal.Cast<float, Vector<float>>(outputs.AsSpan());
        var rows = MemoryMarshal.Cast<float, Vector<float>>(weights.AsSpan());
        for (var i = 0; i < count; i++)
        {
            var factor = new Vector<float>(inputs[i]);
            var row = rows.Slice(i * sums.Length, sums.Length);
            for (var v = 0; v < sums.Length; v++) sums[v] = Vector.FusedMultiplyAdd(factor, row[v], sums[v]);
        }
    }

    // tanh x = 1 − 2 / (exp 2x + 1); beyond ±9 it is ±1 to the last bit of a float.
    static void Tanh(float[] values)
    {
        var (limit, one, two) = (new Vector<float>(9), Vector<float>.One, new Vector<float>(2));
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values.AsSpan());
        foreach (ref var x in vectors) x = one - two / (Vector.Exp(two * Vector.Max(-limit, Vector.Min(limit, x))) + one);
    }

    static (float[] Weights, float[] Bias, int Inputs, int Outputs) Room(int inputs, int outputs)
    {
        var width = (outputs + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;
        return (new float[inputs * width], new float[width], inputs, outputs);
    }
}

/// <summary>Compares <see cref="SingleState"/> with libtorch on states of every size that can occur.</summary>
static class SingleStateCheck
{
    public const float Tolerance = 1e-5f;

    const int States = 64;

    public static float LargestDifference(TanhNetwork network)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var states = randn([States, CartPole.Observed], generator: new torch.Generator(7)) * 3;
        var expected = network.forward(states).data<float>().ToArray();
        var alone = new SingleState(network);
        var rows = states.data<float>().ToArray();
        var largest = 0f;
        for (var state = 0; state < States; state++)
        {
            var answers = alone.Ask(rows.AsSpan(state * CartPole.Observed, CartPole.Observed));
            for (var i = 0; i < answers.Length; i++)
                largest = Math.Max(largest, Math.Abs(answers[i] - expected[state * answers.Length + i]));
        }
        return largest;
    }
}
