using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using MlPerfEdu.Numerics;

namespace MlPerfEdu.Workloads.Cloud.Gpt;

/// <summary>Where keys and values of one head lie, one position after another, with their scales; those are null where the format has none.</summary>
readonly unsafe struct CachedHead(byte* keys, float* keyScales, byte* values, float* valueScales)
{
    public byte* Keys { get; } = keys;

    public float* KeyScales { get; } = keyScales;

    public byte* Values { get; } = values;

    public float* ValueScales { get; } = valueScales;
}

/// <summary>One head of one row: softmax(query·keysᵀ / √d)·values over the positions that it may see.</summary>
static unsafe class TokenAttention<TNumbers, TVector>
    where TNumbers : struct, ITokenNumbers<TVector>
    where TVector : struct
{
    const int Head = TokenKernels.Head, Lanes = TokenKernels.Lanes, Block = TokenKernels.Block;

    // Bytes; a head's positions are too few for the processor to see by itself what comes.
    const int Ahead = 2048;

    /// <param name="positions">Its own is the last of them. Keys are read in blocks, so there is room for whole ones.</param>
    /// <param name="scores">Room for a number per position, rounded up to a vector.</param>
    public static void Attend(float* query, CachedHead head, int positions, float* scores, float* found)
    {
        Score(query, head, positions, scores);
        var largest = Simd.Max(new ReadOnlySpan<float>(scores, positions));
        var sum = Simd.Is512 ? Exponentials<Wide512>(scores, positions, largest) : Exponentials<Wide256>(scores, positions, largest);
        if (head.ValueScales != null)
        {
            for (var p = 0; p < positions; p += Lanes)
                (Vector512.Load(scores + p) * Vector512.Load(head.ValueScales + p)).Store(scores + p);
        }

        Mix(head.Values, scores, positions, Wide256.Create(TNumbers.Unit / sum), found);
    }

    [MethodImpl(Simd.Loop)]
    static void Score(float* query, CachedHead head, int positions, float* scores)
    {
        const float scale = 0.125f; // 1/√64
        var room = stackalloc byte[Head * sizeof(float)];
        var inputs = TNumbers.Prepare(query, Head, room, out var factor);
        var factors = Vector128.Create(factor * scale);
        nint bytes = Head * TNumbers.Bytes;
        var keys = head.Keys;
        for (var p = 0; p < positions; p += Block, keys += Block * bytes)
        {
            var products = TokenProduct<TNumbers, TVector>.Dots(keys, bytes, Ahead, inputs, Head) * factors;
            if (head.KeyScales != null) products *= Vector128.Load(head.KeyScales + p);
            products.Store(scores + p);
        }
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

    // Each position's value times its weight, added up; eight sums for the numbers of a head.
    [MethodImpl(Simd.Loop)]
    static void Mix(byte* values, float* weights, int positions, Wide256 share, float* found)
    {
        Wide256 f0 = default, f1 = default, f2 = default, f3 = default, f4 = default, f5 = default, f6 = default, f7 = default;
        var eight = 8 * TNumbers.Bytes;
        for (var p = 0; p < positions; p++, values += Head * TNumbers.Bytes)
        {
            if (Sse.IsSupported)
            {
                for (var at = 0; at < Head * TNumbers.Bytes; at += 64) Sse.Prefetch0(values + Ahead + at);
            }

            var weight = Wide256.Create(weights[p] * TNumbers.Unit);
            f0 = Wide256.MultiplyAdd(weight, TNumbers.Eight(values), f0);
            f1 = Wide256.MultiplyAdd(weight, TNumbers.Eight(values + eight), f1);
            f2 = Wide256.MultiplyAdd(weight, TNumbers.Eight(values + 2 * eight), f2);
            f3 = Wide256.MultiplyAdd(weight, TNumbers.Eight(values + 3 * eight), f3);
            f4 = Wide256.MultiplyAdd(weight, TNumbers.Eight(values + 4 * eight), f4);
            f5 = Wide256.MultiplyAdd(weight, TNumbers.Eight(values + 5 * eight), f5);
            f6 = Wide256.MultiplyAdd(weight, TNumbers.Eight(values + 6 * eight), f6);
            f7 = Wide256.MultiplyAdd(weight, TNumbers.Eight(values + 7 * eight), f7);
        }

        (f0 * share).Store(found);
        (f1 * share).Store(found + 8);
        (f2 * share).Store(found + 16);
        (f3 * share).Store(found + 24);
        (f4 * share).Store(found + 32);
        (f5 * share).Store(found + 40);
        (f6 * share).Store(found + 48);
        (f7 * share).Store(found + 56);
    }
}
