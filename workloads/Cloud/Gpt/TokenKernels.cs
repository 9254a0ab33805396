using System.Runtime.Intrinsics;
using MlPerfEdu.Numerics;

namespace MlPerfEdu.Workloads.Cloud.Gpt;

/// <summary>
/// The parts of a transformer for a few rows at a time. Every number is summed in the same order however many rows there are, so a token
/// checked among others is bit for bit the token computed alone.
/// </summary>
static unsafe class TokenKernels
{
    /// <summary>Numbers of a vector; widths are multiples of it.</summary>
    public const int Lanes = 16;

    /// <summary>Outputs that are computed together, so that their loads overlap.</summary>
    public const int Block = 4;

    /// <summary>Numbers of a head: four vectors stay in registers.</summary>
    public const int Head = 4 * Lanes;

    /// <summary>outputs[r, o] = weights[o, :]·inputs[r, :] + bias[o] for outputs from, …, to − 1, perhaps added to what is there.</summary>
    public static void Product(
        float* weights, float* bias, float* inputs, int rows, int width, float* outputs, int stride, int from, int to, bool add)
    {
        for (var output = from; output < to; output += Block)
        {
            // Read from memory for the first row, from the nearest cache for the others.
            var block = weights + (nint)output * width;
            for (var row = 0; row < rows; row++)
            {
                var sums = Products(block, inputs + (nint)row * width, width);
                if (bias != null)
                    sums += Vector128.Load(bias + output);
                var place = outputs + (nint)row * stride + output;
                (add ? sums + Vector128.Load(place) : sums).Store(place);
            }
        }
    }

    static Vector128<float> Products(float* w, float* x, int width)
    {
        Vector512<float> a = default, b = default, c = default, d = default;
        for (var i = 0; i < width; i += Lanes)
        {
            var input = Vector512.Load(x + i);
            a = Vector512.FusedMultiplyAdd(Vector512.Load(w + i), input, a);
            b = Vector512.FusedMultiplyAdd(Vector512.Load(w + width + i), input, b);
            c = Vector512.FusedMultiplyAdd(Vector512.Load(w + 2 * width + i), input, c);
            d = Vector512.FusedMultiplyAdd(Vector512.Load(w + 3 * width + i), input, d);
        }

        return Vector128.Create(Vector512.Sum(a), Vector512.Sum(b), Vector512.Sum(c), Vector512.Sum(d));
    }

    /// <summary>(x − mean) / √(variance + ε) · gain + shift.</summary>
    public static void Norm(float* x, float* gain, float* shift, int width, float* y)
    {
        const float epsilon = 1e-5f;
        var sum = Vector512<float>.Zero;
        for (var i = 0; i < width; i += Lanes)
            sum += Vector512.Load(x + i);
        var mean = Vector512.Create(Vector512.Sum(sum) / width);
        var squares = Vector512<float>.Zero;
        for (var i = 0; i < width; i += Lanes)
        {
            var distance = Vector512.Load(x + i) - mean;
            squares = Vector512.FusedMultiplyAdd(distance, distance, squares);
        }

        var scale = Vector512.Create(1 / MathF.Sqrt(Vector512.Sum(squares) / width + epsilon));
        for (var i = 0; i < width; i += Lanes)
        {
            var distance = Vector512.Load(x + i) - mean;
            Vector512.FusedMultiplyAdd(distance * scale, Vector512.Load(gain + i), Vector512.Load(shift + i)).Store(y + i);
        }
    }

    /// <summary>One head of one row: softmax(query·keysᵀ / √d)·values over the positions that it may see.</summary>
    /// <param name="positions">Its own is the last of them.</param>
    /// <param name="scores">Room for a number per position, rounded up to a vector.</param>
    public static void Attend(float* query, float* keys, float* values, int positions, float* scores, float* found)
    {
        const float scale = 0.125f; // 1/√64
        Vector512<float> q0 = Vector512.Load(query) * scale, q1 = Vector512.Load(query + Lanes) * scale;
        Vector512<float> q2 = Vector512.Load(query + 2 * Lanes) * scale, q3 = Vector512.Load(query + 3 * Lanes) * scale;
        var largest = float.NegativeInfinity;
        for (var p = 0; p < positions; p++)
        {
            var key = keys + (nint)p * Head;
            var products = Vector512.FusedMultiplyAdd(q1, Vector512.Load(key + Lanes), q0 * Vector512.Load(key))
                + Vector512.FusedMultiplyAdd(q3, Vector512.Load(key + 3 * Lanes), q2 * Vector512.Load(key + 2 * Lanes));
            scores[p] = Vector512.Sum(products);
            largest = MathF.Max(largest, scores[p]);
        }

        var sum = Simd.Is512 ? Exponentials<Wide512>(scores, positions, largest) : Exponentials<Wide256>(scores, positions, largest);
        Vector512<float> f0 = default, f1 = default, f2 = default, f3 = default;
        for (var p = 0; p < positions; p++)
        {
            var value = values + (nint)p * Head;
            var weight = Vector512.Create(scores[p]);
            f0 = Vector512.FusedMultiplyAdd(weight, Vector512.Load(value), f0);
            f1 = Vector512.FusedMultiplyAdd(weight, Vector512.Load(value + Lanes), f1);
            f2 = Vector512.FusedMultiplyAdd(weight, Vector512.Load(value + 2 * Lanes), f2);
            f3 = Vector512.FusedMultiplyAdd(weight, Vector512.Load(value + 3 * Lanes), f3);
        }

        var share = 1 / sum;
        (f0 * share).Store(found);
        (f1 * share).Store(found + Lanes);
        (f2 * share).Store(found + 2 * Lanes);
        (f3 * share).Store(found + 3 * Lanes);
    }

    // e^(score − largest) in place, and their sum.
    static float Exponentials<T>(float* scores, int positions, float largest)
        where T : struct, IWide<T>
    {
        var rounded = (positions + Lanes - 1) / Lanes * Lanes;
        new Span<float>(scores + positions, rounded - positions).Fill(float.NegativeInfinity);
        var (shift, sum) = (T.Create(largest), default(T));
        for (var p = 0; p < rounded; p += T.Lanes)
        {
            var power = Exponential.Of(T.Load(scores + p) - shift);
            sum += power;
            power.Store(scores + p);
        }

        return Simd.Sum(sum);
    }
}
