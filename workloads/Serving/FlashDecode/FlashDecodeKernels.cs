using MlPerfEdu.Serving.Attention;
using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.FlashDecode;

[Kernels("flash-decode")]
public sealed class FlashDecodeKernels : IKernels
{
    public IEnumerable<Kernel> Kernels() => [Decode("decode-512", 512), Decode("decode-64", 64)];

    public IEnumerable<Invariant> Invariants()
    {
        var random = new RandomData(6);
        yield return Invariant.AtMost("equals dense attention, whatever the splits, the groups and the length",
            Enumerable.Range(0, 1000).Max(_ => Difference(random, random.Between(1, 20), random.Between(1, 300), random.Between(1, 80), 1)),
            AttentionCheck.Tolerance);
        yield return Invariant.AtMost("scores far from zero do not overflow: queries 30 times as large",
            Enumerable.Range(0, 100).Max(_ => Difference(random, 7, random.Between(1, 200), 64, 30)), 1e-4);
        yield return Invariant.AtMost("the order of the keys does not matter",
            Enumerable.Range(0, 100).Max(_ => Reversed(random)), AttentionCheck.Tolerance);
    }

    static Kernel Decode(string operation, int length)
    {
        var shape = new AttentionShape(heads: 8, kvHeads: 8, dim: 64);
        var random = new RandomData(42);
        var query = random.Normals(shape.QuerySize);
        var keys = new AlignedBuffer<float>(random.Normals(shape.TokenSize * length));
        var values = new AlignedBuffer<float>(random.Normals(shape.TokenSize * length));
        var decoder = new FlashDecoder(shape, splits: 8);
        var output = new float[shape.QuerySize];
        return new(operation, () => decoder.Attend(query, keys.Span, values.Span, output))
            { Flops = shape.Flops(length), Bytes = shape.Bytes(length) };
    }

    static double Difference(RandomData random, int splits, int length, int dim, float factor)
    {
        var kvHeads = random.Between(1, 3);
        var shape = new AttentionShape(kvHeads * random.Between(1, 4), kvHeads, dim);
        var query = random.Normals(shape.QuerySize);
        Simd.Scale(query, factor);
        var (keys, values) = (random.Normals(shape.TokenSize * length), random.Normals(shape.TokenSize * length));
        var (expected, found) = (new float[shape.QuerySize], new float[shape.QuerySize]);
        DenseAttention.Attend(query, keys, values, expected, shape.Heads, kvHeads, dim, shape.Scale);
        new FlashDecoder(shape, splits).Attend(query, keys, values, found);
        return AttentionCheck.Largest(expected, found);
    }

    static double Reversed(RandomData random)
    {
        var shape = new AttentionShape(2, 1, 32);
        var length = random.Between(2, 100);
        var (query, keys, values) = (random.Normals(shape.QuerySize), random.Normals(32 * length), random.Normals(32 * length));
        var (forwards, backwards) = (new float[shape.QuerySize], new float[shape.QuerySize]);
        new FlashDecoder(shape, 5).Attend(query, keys, values, forwards);
        new FlashDecoder(shape, 3).Attend(query, TokensReversed(keys), TokensReversed(values), backwards);
        return AttentionCheck.Largest(forwards, backwards);

        static float[] TokensReversed(float[] tokens) => [.. tokens.Chunk(32).Reverse().SelectMany(token => token)];
    }
}
