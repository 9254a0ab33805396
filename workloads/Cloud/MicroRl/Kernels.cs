using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MlPerfEdu.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.MicroRl;

/// <summary>
/// The answers of a <see cref="TanhNetwork"/> for one state at a time. An episode asks up to 500 times, one state after the other, and five
/// calls of a library cost more each time than the 9,000 multiply-adds between them.
/// </summary>
public sealed unsafe class SingleState
{
    readonly Layer[] layers;

    public SingleState(TanhNetwork network)
    {
        layers = [.. network.Layers.Select(layer => new Layer(
            NativeFloats.Of(layer.weight), NativeFloats.Of(layer.bias!), (int)layer.weight.shape[1], (int)layer.weight.shape[0]))];
        Refresh();
    }

    /// <summary>Takes over the weights that the network has now.</summary>
    public void Refresh()
    {
        foreach (var layer in layers) layer.Refresh();
    }

    /// <summary>The second of two softmax outputs.</summary>
    public double ChanceOfRight(ReadOnlySpan<float> state)
    {
        var logits = Ask(state);
        return 1 / (1 + Math.Exp(logits[0] - logits[1]));
    }

    /// <summary>The network's outputs, valid until the next call.</summary>
    public ReadOnlySpan<float> Ask(ReadOnlySpan<float> state)
    {
        var inputs = state;
        for (var l = 0; l < layers.Length; l++)
        {
            layers[l].Multiply(inputs);
            if (l + 1 < layers.Length) Tanh(layers[l].Results);
            inputs = layers[l].Results;
        }
        return inputs[..layers[^1].Outputs];
    }

    // tanh x = 1 − 2 / (exp 2x + 1); beyond ±9 it is ±1 to the last bit of a float.
    static void Tanh(float[] values)
    {
        var (limit, one, two) = (new Vector<float>(9), Vector<float>.One, new Vector<float>(2));
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values.AsSpan());
        foreach (ref var x in vectors) x = one - two / (Vector.Exp(two * Vector.Max(-limit, Vector.Min(limit, x))) + one);
    }

    // Of the network's layer the weights input by input, outputs side by side, filled up to whole vectors.
    sealed class Layer
    {
        const int Together = 8;

        readonly float* weight;
        readonly float* bias;
        readonly int inputs;
        readonly float[] weights, biases;

        public Layer(float* weight, float* bias, int inputs, int outputs)
        {
            this.weight = weight;
            this.bias = bias;
            this.inputs = inputs;
            Outputs = outputs;
            Results = new float[(outputs + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count];
            biases = new float[Results.Length];
            weights = new float[inputs * Results.Length];
        }

        public int Outputs { get; }

        public float[] Results { get; }

        public void Refresh()
        {
            for (var o = 0; o < Outputs; o++)
            {
                for (var i = 0; i < inputs; i++) weights[i * biases.Length + o] = weight[o * inputs + i];
                biases[o] = bias[o];
            }
        }

        // Eight vectors of sums stay in registers while all inputs pass.
        [MethodImpl(Simd.Loop)]
        public void Multiply(ReadOnlySpan<float> state)
        {
            var lanes = Vector<float>.Count;
            var output = 0;
            for (; output <= biases.Length - Together * lanes; output += Together * lanes)
            {
                ref var row = ref weights[output];
                Vector<float> s0 = Start(output, 0), s1 = Start(output, 1), s2 = Start(output, 2), s3 = Start(output, 3);
                Vector<float> s4 = Start(output, 4), s5 = Start(output, 5), s6 = Start(output, 6), s7 = Start(output, 7);
                for (var i = 0; i < inputs; i++)
                {
                    var factor = new Vector<float>(state[i]);
                    s0 = Vector.FusedMultiplyAdd(factor, Vector.LoadUnsafe(ref row), s0);
                    s1 = Vector.FusedMultiplyAdd(factor, Vector.LoadUnsafe(ref row, (nuint)lanes), s1);
                    s2 = Vector.FusedMultiplyAdd(factor, Vector.LoadUnsafe(ref row, (nuint)(2 * lanes)), s2);
                    s3 = Vector.FusedMultiplyAdd(factor, Vector.LoadUnsafe(ref row, (nuint)(3 * lanes)), s3);
                    s4 = Vector.FusedMultiplyAdd(factor, Vector.LoadUnsafe(ref row, (nuint)(4 * lanes)), s4);
                    s5 = Vector.FusedMultiplyAdd(factor, Vector.LoadUnsafe(ref row, (nuint)(5 * lanes)), s5);
                    s6 = Vector.FusedMultiplyAdd(factor, Vector.LoadUnsafe(ref row, (nuint)(6 * lanes)), s6);
                    s7 = Vector.FusedMultiplyAdd(factor, Vector.LoadUnsafe(ref row, (nuint)(7 * lanes)), s7);
                    row = ref Unsafe.Add(ref row, biases.Length);
                }
                Put(s0, output, 0);
                Put(s1, output, 1);
                Put(s2, output, 2);
                Put(s3, output, 3);
                Put(s4, output, 4);
                Put(s5, output, 5);
                Put(s6, output, 6);
                Put(s7, output, 7);
            }
            for (; output < biases.Length; output += lanes)
            {
                var sum = Start(output, 0);
                for (var i = 0; i < inputs; i++)
                    sum = Vector.FusedMultiplyAdd(new Vector<float>(state[i]), new Vector<float>(weights, i * biases.Length + output), sum);
                Put(sum, output, 0);
            }
        }

        Vector<float> Start(int output, int vector) => new(biases, output + vector * Vector<float>.Count);

        void Put(Vector<float> sums, int output, int vector) => sums.CopyTo(Results, output + vector * Vector<float>.Count);
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

/// <summary>Both networks and <see cref="PolicyLoss"/>, forwards and backwards, in one call.</summary>
sealed unsafe class FusedPolicyStep : FusedStep
{
    readonly LayerChain policy, value;
    readonly int choices;
    // Of each action: the return minus the value.
    readonly NativeFloats advantages;
    Episodes? played;
    float loss;

    /// <param name="most">Actions of the longest batch.</param>
    public FusedPolicyStep(TanhNetwork policy, TanhNetwork value, int most, int? threads = null)
        : base([.. policy.parameters(), .. value.parameters()], most * policy.Layers.Concat(value.Layers).Sum(layer => layer.weight.numel()), threads)
    {
        this.policy = new LayerChain([.. policy.Layers.Select(Gradients.Layer)], Activation.Tanh, most);
        this.value = new LayerChain([.. value.Layers.Select(Gradients.Layer)], Activation.Tanh, most);
        choices = (int)policy.Layers[^1].weight.shape[0];
        advantages = new NativeFloats(most);
    }

    /// <returns>The loss of all actions.</returns>
    public float Backward(Episodes episodes)
    {
        played = episodes;
        RunParts();
        return loss;
    }

    protected override void Part(int thread)
    {
        var actions = played!.Actions;
        var (from, until) = Columns(thread, actions);
        for (var t = from; t < Math.Min(until, actions); t++)
        {
            var state = played.States.Slice(t * CartPole.Observed, CartPole.Observed);
            state.CopyTo(new(policy.Row(t), CartPole.Observed));
            state.CopyTo(new(value.Row(t), CartPole.Observed));
        }
        policy.Forward(from, until);
        value.Forward(from, until);
        Meet();
        // Advantages are compared with one another.
        if (thread == 0) loss = Judge(played);
        Meet();
        policy.Backward(from, until);
        value.Backward(from, until);
        Meet();
        policy.WeightGradients(actions, thread, Threads);
        value.WeightGradients(actions, thread, Threads);
    }

    // As PolicyLoss: of log π(a) the gradient is 1 − π for the action that was chosen, and −π for the others.
    float Judge(Episodes episodes)
    {
        var (count, sum, squares, loss) = (episodes.Actions, 0.0, 0.0, 0.0);
        for (var t = 0; t < count; t++)
        {
            var advantage = episodes.Returns[t] - value.Outputs[t];
            advantages.Address[t] = advantage;
            value.OutputGradients[t] = -advantage / count;
            loss += (double)advantage * advantage / 2;
            sum += advantage;
        }
        var mean = count > 1 ? sum / count : 0;
        for (var t = 0; t < count; t++) squares += (advantages.Address[t] - mean) * (advantages.Address[t] - mean);
        var scale = count > 1 ? 1 / (Math.Sqrt(squares / (count - 1)) + PolicyLoss.Epsilon) : 1;

        Span<double> chances = stackalloc double[choices];
        for (var t = 0; t < count; t++)
        {
            var (advantage, largest, total) = ((advantages.Address[t] - mean) * scale, double.NegativeInfinity, 0.0);
            for (var i = 0; i < choices; i++) largest = Math.Max(largest, policy.Outputs[i * policy.Stride + t]);
            for (var i = 0; i < choices; i++) total += chances[i] = Math.Exp(policy.Outputs[i * policy.Stride + t] - largest);
            var chosen = (int)episodes.Chosen[t];
            loss -= advantage * Math.Log(chances[chosen] / total);
            for (var i = 0; i < choices; i++)
                policy.OutputGradients[i * policy.Stride + t] = (float)(-advantage / count * ((i == chosen ? 1 : 0) - chances[i] / total));
        }
        return (float)(loss / count);
    }

    public override void Dispose()
    {
        policy.Dispose();
        value.Dispose();
        advantages.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }
}
