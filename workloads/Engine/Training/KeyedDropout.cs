using System.Numerics;
using System.Runtime.CompilerServices;
using MlPerfEdu.Roofline.Count;
using TorchSharp;
using static TorchSharp.torch.autograd;
using static TorchSharp.torch;

namespace MlPerfEdu.Engine.Training;

/// <summary>
/// Dropout (Srivastava et al., 2014). libtorch draws one number after another on one thread, which was two thirds of a step of micro-gnn-train. Here a
/// number's fate is a hash of its place and of the call's key, so that vectors of them are drawn at once, and again backwards: no mask is kept.
/// </summary>
public sealed unsafe class KeyedDropout : SingleTensorFunction<KeyedDropout>
{
    const string Key = "key", Probability = "probability";

    public override string Name => nameof(KeyedDropout);

    /// <summary>Zero where a number is left out, x / (1 − p) elsewhere.</summary>
    public static Tensor Of(Tensor x, double probability)
    {
        // From libtorch's generator, so that the run's seed decides.
        var result = apply(x, probability, randint(long.MaxValue, 1, dtype: ScalarType.Int64).item<long>());
        if (ModuleCounter.Active is { } counter)
        {
            // A pass reads and writes each number once; the draw, the comparison and the product are three operations.
            var (numbers, row) = (x.numel(), DropoutCount.Of(counter.Name("dropout"), x.shape, result.requires_grad));
            var pass = new Work(0, 3 * numbers, 2 * sizeof(float) * numbers, 1);
            counter.Add(row with { Forward = pass, DataGradient = result.requires_grad ? pass : default, UniqueBytes = sizeof(float) * numbers }, result, [x]);
        }
        return result;
    }

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        ctx.save_data(Probability, vars[1]);
        ctx.save_data(Key, vars[2]);
        return Keep((Tensor)vars[0], (double)vars[1], (long)vars[2]);
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output) =>
        [Keep(grad_output, (double)ctx.get_data(Probability)!, (long)ctx.get_data(Key)!), null!, null!];

    static Tensor Keep(Tensor x, double probability, long key)
    {
        var (from, result) = (x.contiguous(), empty(x.shape));
        Keep(NativeFloats.Of(from), NativeFloats.Of(result), (nint)x.numel(), probability, (ulong)key);
        return result;
    }

    /// <summary>The same for numbers in memory, and once more for their gradients: the key decides which are kept, wherever the work is done.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Keep(float* from, float* to, nint count, double probability, ulong key)
    {
        var (least, scale) = ((uint)(probability * uint.MaxValue), (float)(1 / (1 - probability)));
        var (start, turn) = ((uint)key, (uint)(key >> 32));
        var places = Vector<uint>.Indices + new Vector<uint>(start);
        nint i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
        {
            var kept = Vector.GreaterThanOrEqual(Hash(places, turn), new Vector<uint>(least)).As<uint, float>();
            (Vector.Load(from + i) * scale & kept).Store(to + i);
            places += new Vector<uint>((uint)Vector<uint>.Count);
        }
        for (; i < count; i++) to[i] = Hash(new(start + (uint)i), turn)[0] >= least ? from[i] * scale : 0;
    }

    // Two rounds of shifts and products (Wellons' lowbias32), between which the second half of the key enters.
    static Vector<uint> Hash(Vector<uint> x, uint turn)
    {
        x = (x ^ x >> 16) * 0x7feb352d ^ new Vector<uint>(turn);
        x = (x ^ x >> 15) * 0x846ca68b;
        return x ^ x >> 16;
    }
}
