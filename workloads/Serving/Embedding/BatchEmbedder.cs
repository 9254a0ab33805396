using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Embedding;

public enum Pooling
{
    Mean,
    Max,
    First,

    /// <summary>By the softmax of the product with a query.</summary>
    Weighted,
}

/// <summary>Makes one vector of length 1 out of the states of a text's tokens, for a batch of texts of different lengths.</summary>
public sealed class BatchEmbedder
{
    const int Lanes = 16;
    const float ShortestLength = 1e-12f;

    readonly float[] _query;
    readonly float _inverse;
    Scratch<float> _weights = new();

    /// <param name="query">(width): for <see cref="Pooling.Weighted"/>.</param>
    public BatchEmbedder(ReadOnlySpan<float> query, float temperature = 1)
    {
        Guard.NotEmpty(query.Length, "values of the query");
        Guard.Finite(query, "the query");
        if (!(temperature > 0 && float.IsFinite(temperature)))
            throw ServingErrors.OutOfRange("a temperature of", temperature, "above 0");
        (_query, _inverse) = (query.ToArray(), 1 / temperature);
    }

    public int Width => _query.Length;

    /// <param name="states">(texts, tokens, width)</param>
    /// <param name="mask">(texts, tokens): false where a text is padded. What is masked is never read.</param>
    /// <param name="embeddings">(texts, width)</param>
    public void Pool(Pooling pooling, ReadOnlySpan<float> states, ReadOnlySpan<bool> mask, int texts, Span<float> embeddings)
    {
        Guard.Positive(texts, "texts");
        Guard.NotEmpty(mask.Length, "tokens");
        var tokens = mask.Length / texts;
        Guard.Length(mask.Length, texts * tokens, "the mask");
        Guard.Length(states.Length, mask.Length * Width, "the states");
        Guard.Length(embeddings.Length, texts * Width, "the embeddings");
        for (var text = 0; text < texts; text++)
        {
            if (!mask.Slice(text * tokens, tokens).Contains(true))
                throw ServingErrors.Empty($"tokens of text {text} that are not masked");
        }
        for (var text = 0; text < texts; text++)
        {
            var pooled = embeddings.Slice(text * Width, Width);
            Pool(pooling, states.Slice(text * tokens * Width, tokens * Width), mask.Slice(text * tokens, tokens), pooled);
            Normalise(pooled, text);
        }
    }

    void Pool(Pooling pooling, ReadOnlySpan<float> states, ReadOnlySpan<bool> mask, Span<float> pooled)
    {
        switch (pooling)
        {
            case Pooling.Mean:
                Sum(states, mask, pooled);
                break;
            case Pooling.Max:
                Max(states, mask, pooled);
                break;
            case Pooling.First:
                states.Slice(mask.IndexOf(true) * Width, Width).CopyTo(pooled);
                break;
            case Pooling.Weighted:
                Weigh(states, mask, pooled);
                break;
            default:
                throw ServingErrors.UnknownId("pooling", pooling, "one of the enumeration");
        }
    }

    // The length becomes 1 at the end: what the sum is divided by does not matter. Eight vectors of it stay in registers while all
    // tokens pass.
    [MethodImpl(Simd.Loop)]
    void Sum(ReadOnlySpan<float> states, ReadOnlySpan<bool> mask, Span<float> pooled)
    {
        ref var start = ref MemoryMarshal.GetReference(states);
        var index = 0;
        for (; index <= Width - 8 * Lanes; index += 8 * Lanes)
        {
            Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
            Vector512<float> s4 = default, s5 = default, s6 = default, s7 = default;
            ref var from = ref Unsafe.Add(ref start, index);
            for (var token = 0; token < mask.Length; token++, from = ref Unsafe.Add(ref from, Width))
            {
                if (!mask[token])
                    continue;
                s0 += Simd.Load(ref from, 0);
                s1 += Simd.Load(ref from, Lanes);
                s2 += Simd.Load(ref from, 2 * Lanes);
                s3 += Simd.Load(ref from, 3 * Lanes);
                s4 += Simd.Load(ref from, 4 * Lanes);
                s5 += Simd.Load(ref from, 5 * Lanes);
                s6 += Simd.Load(ref from, 6 * Lanes);
                s7 += Simd.Load(ref from, 7 * Lanes);
            }
            s0.StoreUnsafe(ref pooled[index]);
            s1.StoreUnsafe(ref pooled[index + Lanes]);
            s2.StoreUnsafe(ref pooled[index + 2 * Lanes]);
            s3.StoreUnsafe(ref pooled[index + 3 * Lanes]);
            s4.StoreUnsafe(ref pooled[index + 4 * Lanes]);
            s5.StoreUnsafe(ref pooled[index + 5 * Lanes]);
            s6.StoreUnsafe(ref pooled[index + 6 * Lanes]);
            s7.StoreUnsafe(ref pooled[index + 7 * Lanes]);
        }
        for (; index <= Width - Lanes; index += Lanes)
        {
            var sum = Vector512<float>.Zero;
            for (var token = 0; token < mask.Length; token++)
                sum += mask[token] ? Simd.Load(ref start, token * Width + index) : Vector512<float>.Zero;
            sum.StoreUnsafe(ref pooled[index]);
        }
        for (; index < Width; index++)
        {
            pooled[index] = 0;
            for (var token = 0; token < mask.Length; token++)
                pooled[index] += mask[token] ? states[token * Width + index] : 0;
        }
    }

    void Max(ReadOnlySpan<float> states, ReadOnlySpan<bool> mask, Span<float> pooled)
    {
        pooled.Fill(float.NegativeInfinity);
        for (var token = 0; token < mask.Length; token++)
        {
            if (mask[token])
                TensorPrimitives.Max(pooled, states.Slice(token * Width, Width), pooled);
        }
    }

    void Weigh(ReadOnlySpan<float> states, ReadOnlySpan<bool> mask, Span<float> pooled)
    {
        var weights = _weights.Take(mask.Length);
        for (var token = 0; token < weights.Length; token++)
            weights[token] = mask[token] ? Simd.Dot(states.Slice(token * Width, Width), _query) * _inverse : float.NegativeInfinity;
        Simd.ExpAndSum(weights, Simd.Max(weights));
        pooled.Clear();
        for (var token = 0; token < weights.Length; token++)
        {
            if (mask[token])
                Simd.AddScaled(ref pooled[0], ref MemoryMarshal.GetReference(states[(token * Width)..]), weights[token], Width);
        }
    }

    static void Normalise(Span<float> pooled, int text)
    {
        var length = MathF.Sqrt(Simd.Dot(pooled, pooled));
        if (!float.IsFinite(length))
            throw ServingErrors.OutOfRange($"an embedding of text {text} of length", length, "a finite one");
        Simd.Scale(pooled, 1 / MathF.Max(length, ShortestLength));
    }
}
