using MlPerfEdu.Serving.FlashDecode;

namespace MlPerfEdu.Serving.Tests.Modules;

[InvariantsOf("flash-decode")]
sealed class FlashDecodeInvariants : IInvariants
{
    public IEnumerable<KernelInvariant> Invariants()
    {
        var random = new RandomData(6);
        yield return KernelInvariant.AtMost("equals dense attention for any number of splits, groups and tokens", AttentionCheck.Tolerance, 1000,
            () => ToDense(random, random.Between(1, 20), random.Between(1, 300), random.Between(1, 80), 1));
        yield return KernelInvariant.AtMost("scores far from zero do not overflow: queries 30 times as large", 1e-4, 100,
            () => ToDense(random, 7, random.Between(1, 200), 64, 30));
        yield return KernelInvariant.AtMost("the order of the keys does not matter", AttentionCheck.Tolerance, 100, () => ToReversed(random));
    }

    static double ToDense(RandomData random, int splits, int length, int dim, float factor)
    {
        var kvHeads = random.Between(1, 3);
        var shape = new AttentionShape(kvHeads * random.Between(1, 4), kvHeads, dim);
        var query = random.Normals(shape.QuerySize);
        Simd.Scale(query, factor);
        var (keys, values) = (random.Normals(shape.TokenSize * length), random.Normals(shape.TokenSize * length));
        return AttentionCheck.Difference(shape, query, keys, values, output => new FlashDecoder(shape, splits).Attend(query, keys, values, output));
    }

    static double ToReversed(RandomData random)
    {
        var (shape, length) = (new AttentionShape(2, 1, 32), random.Between(2, 100));
        var (query, keys, values) = (random.Normals(shape.QuerySize), random.Normals(32 * length), random.Normals(32 * length));
        var (forward, reversed) = (new float[shape.QuerySize], new float[shape.QuerySize]);
        new FlashDecoder(shape, 5).Attend(query, keys, values, forward);
        new FlashDecoder(shape, 3).Attend(query, TokensReversed(keys), TokensReversed(values), reversed);
        return Difference.Largest(forward, reversed);

        static float[] TokensReversed(float[] tokens) => [.. tokens.Chunk(32).Reverse().SelectMany(token => token)];
    }
}
