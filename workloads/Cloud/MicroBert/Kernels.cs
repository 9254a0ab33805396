using System.Runtime.CompilerServices;
using MlPerfEdu.Engine.Inference;
using MlPerfEdu.Numerics;
using static TorchSharp.torch.autograd;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.MicroBert;

/// <summary>
/// Attention within sentences that lie below one another, each as long as it is, straight from queries, keys and values as one product leaves them.
/// libtorch multiplies matrices of one size: sentences of ten words would become as long as the longest, and six rows of seven padding.
/// </summary>
public sealed unsafe class SentenceAttention : SingleTensorFunction<SentenceAttention>
{
    const string Starts = "starts", Heads = "heads", Causal = "causal";

    public override string Name => nameof(SentenceAttention);

    /// <param name="projected">[N, 3·D]: queries, keys and values of H heads side by side.</param>
    /// <param name="starts">Each sentence's first row, and N.</param>
    /// <param name="isCausal">A word sees those before it only.</param>
    /// <returns>[N, D]</returns>
    public static Tensor Of(Tensor projected, int[] starts, int heads, bool isCausal = false)
    {
        Check(projected, starts, heads);
        var attended = apply(projected, starts, heads, isCausal);
        if (ModuleCounter.Active is { } counter)
        {
            var lengths = Enumerable.Range(0, starts.Length - 1).Select(i => (long)(starts[i + 1] - starts[i])).ToList();
            counter.Add(AttentionCount.Kernel(
                counter.Name("attention"), lengths, heads, attended.shape[1] / heads, attended.requires_grad, isCausal), attended, [projected]);
        }
        return attended;
    }

    // Kernels do not look where they read.
    static void Check(Tensor projected, int[] starts, int heads)
    {
        if (projected.shape[1] % (3 * heads) != 0 || starts is not [0, .., var end] || end != projected.shape[0])
            throw new ArgumentException(
                $"[{projected.shape[0]}, {projected.shape[1]}] for sentences from row {starts[0]} to {starts[^1]} → expected queries, keys and values of {heads} heads for all of these rows → check starts and heads.",
                nameof(projected));
    }

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var (projected, starts, heads, causal) = (((Tensor)vars[0]).contiguous(), (int[])vars[1], (int)vars[2], (bool)vars[3]);
        var shape = new SentenceShape(starts, heads, (int)projected.shape[1] / 3, causal);
        var output = empty(projected.shape[0], shape.Width);
        var weights = empty(shape.Weights(starts.Length - 1));
        float* from = NativeFloats.Of(projected), to = NativeFloats.Of(output), kept = NativeFloats.Of(weights);
        ThreadTeam.Of(get_num_threads()).ForEach(starts.Length - 1, sentence => SentenceKernels.Forward(shape, sentence, from, to, kept));
        ctx.save_for_backward([projected, weights]);
        ctx.save_data(Starts, starts);
        ctx.save_data(Heads, heads);
        ctx.save_data(Causal, causal);
        return output;
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        var (saved, gradient) = (ctx.get_saved_variables(), grad_output.contiguous());
        var (starts, heads) = ((int[])ctx.get_data(Starts)!, (int)ctx.get_data(Heads)!);
        var shape = new SentenceShape(starts, heads, (int)gradient.shape[1], (bool)ctx.get_data(Causal)!);
        var result = empty(saved[0].shape);
        float* from = NativeFloats.Of(saved[0]), kept = NativeFloats.Of(saved[1]), ofOutput = NativeFloats.Of(gradient), to = NativeFloats.Of(result);
        ThreadTeam.Of(get_num_threads()).ForEach(starts.Length - 1, sentence => SentenceKernels.Backward(shape, sentence, from, kept, ofOutput, to));
        return [result, null!, null!, null!];
    }
}

/// <summary>Where sentences and their heads lie.</summary>
sealed class SentenceShape
{
    readonly int[] starts;
    readonly nint[] weights;

    readonly bool isCausal;

    public SentenceShape(int[] starts, int heads, int width, bool isCausal)
    {
        (this.starts, Heads, Width, this.isCausal) = (starts, heads, width, isCausal);
        weights = new nint[starts.Length];
        for (var i = 0; i + 1 < starts.Length; i++) weights[i + 1] = weights[i] + (nint)Length(i) * Length(i) * heads;
    }

    public int Heads { get; }

    /// <summary>Numbers of a word: those of all heads.</summary>
    public int Width { get; }

    public int Head => Width / Heads;

    /// <summary>Keeps scores of one size whatever the size of a head.</summary>
    public float Scale => (float)(1 / Math.Sqrt(Head));

    public int Start(int sentence) => starts[sentence];

    public int Length(int sentence) => starts[sentence + 1] - starts[sentence];

    /// <summary>How many of a sentence's words the one at this place sees, the first of them first.</summary>
    public int Seen(int place, int length) => isCausal ? place + 1 : length;

    /// <summary>Where a sentence's probabilities begin: its heads' squares, one after another.</summary>
    public nint Weights(int sentence) => weights[sentence];
}

/// <summary>One sentence, head after head. Its matrices are so small that rows times rows are as fast as tiles would be.</summary>
static unsafe class SentenceKernels
{
    /// <param name="weights">Receives the probabilities.</param>
    public static void Forward(SentenceShape shape, int sentence, float* projected, float* output, float* weights)
    {
        int length = shape.Length(sentence), stride = 3 * shape.Width, size = shape.Head;
        var probabilities = weights + shape.Weights(sentence);
        for (var head = 0; head < shape.Heads; head++)
        {
            var queries = projected + (nint)shape.Start(sentence) * stride + head * size;
            float* keys = queries + shape.Width, values = keys + shape.Width;
            var to = output + (nint)shape.Start(sentence) * shape.Width + head * size;
            for (var i = 0; i < length; i++, probabilities += length, to += shape.Width)
            {
                var seen = shape.Seen(i, length);
                for (var j = 0; j < seen; j++)
                    probabilities[j] = shape.Scale * Simd.Dot(ref queries[i * stride], ref keys[j * stride], size);
                var row = new Span<float>(probabilities, seen);
                Simd.Scale(row, 1 / Simd.ExpAndSum(row, Simd.Max(row)));
                new Span<float>(to, size).Clear();
                for (var j = 0; j < seen; j++) Simd.AddScaled(ref *to, ref values[j * stride], probabilities[j], size);
            }
        }
    }

    /// <param name="gradient">Of the output.</param>
    /// <param name="result">Receives the gradients of queries, keys and values.</param>
    public static void Backward(SentenceShape shape, int sentence, float* projected, float* weights, float* gradient, float* result)
    {
        int length = shape.Length(sentence), stride = 3 * shape.Width, size = shape.Head;
        var first = (nint)shape.Start(sentence) * stride;
        new Span<float>(result + first, length * stride).Clear();
        var probabilities = weights + shape.Weights(sentence);
        var slopes = stackalloc float[length];
        for (var head = 0; head < shape.Heads; head++)
        {
            float* queries = projected + first + head * size, keys = queries + shape.Width, values = keys + shape.Width;
            float* ofQueries = result + first + head * size, ofKeys = ofQueries + shape.Width, ofValues = ofKeys + shape.Width;
            var ofOutput = gradient + (nint)shape.Start(sentence) * shape.Width + head * size;
            for (var i = 0; i < length; i++, probabilities += length, ofOutput += shape.Width)
            {
                var (mean, seen) = (0f, shape.Seen(i, length));
                for (var j = 0; j < seen; j++)
                {
                    slopes[j] = Simd.Dot(ref *ofOutput, ref values[j * stride], size);
                    mean += probabilities[j] * slopes[j];
                    Simd.AddScaled(ref ofValues[j * stride], ref *ofOutput, probabilities[j], size);
                }
                for (var j = 0; j < seen; j++)
                {
                    var slope = shape.Scale * probabilities[j] * (slopes[j] - mean);
                    Simd.AddScaled(ref ofQueries[i * stride], ref keys[j * stride], slope, size);
                    Simd.AddScaled(ref ofKeys[j * stride], ref queries[i * stride], slope, size);
                }
            }
        }
    }
}
