using MlPerfEdu.Serving.Attention;
using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Gqa;

[Kernels("gqa")]
public sealed class GqaKernels : IKernels
{
    readonly AttentionShape _shape = new(heads: 8, kvHeads: 2, dim: 64);

    public IEnumerable<Kernel> Kernels()
    {
        var random = new RandomData(42);
        var (key, value) = (random.Normals(_shape.TokenSize), random.Normals(_shape.TokenSize));
        var growing = new GqaCache(_shape, 512);
        yield return new("append", () =>
        {
            if (growing.Length == growing.Capacity)
                growing.Truncate(0);
            growing.Append(key, value);
        }) { Bytes = 4.0 * _shape.TokenSize * sizeof(float) };

        var cache = Filled(random, _shape, 32);
        var (query, output) = (random.Normals(_shape.QuerySize), new float[_shape.QuerySize]);
        yield return new("attend", () => cache.Attend(query, output)) { Flops = _shape.Flops(32), Bytes = _shape.Bytes(32) };
    }

    public IEnumerable<Invariant> Invariants()
    {
        yield return AgainstDense("equals dense attention, whatever the groups and the length", random =>
        {
            var kvHeads = random.Between(1, 4);
            return new(kvHeads * random.Between(1, 4), kvHeads, random.Between(1, 80));
        });
        yield return AgainstDense("one kv head per query head is ordinary attention", random =>
        {
            var heads = random.Between(1, 8);
            return new(heads, heads, 16 * random.Between(1, 4));
        });
        yield return AgainstDense("one kv head for all is multi-query attention", random => new(random.Between(2, 8), 1, 32));
        yield return Invariant.None("holds what a list of tokens holds, under 100,000 random operations", Differing(new(29)));
    }

    static int Differing(RandomData random)
    {
        const int capacity = 10;
        var (cache, model, differing) = (new GqaCache(new(4, 2, 3), capacity), new List<float[]>(), 0);
        for (var operation = 0; operation < 100_000; operation++)
        {
            if (model.Count == capacity || random.Below(5) == 0)
            {
                var length = random.Between(0, model.Count);
                cache.Truncate(length);
                model.RemoveRange(length, model.Count - length);
            }
            else
            {
                model.Add(random.Normals(2 * cache.Shape.TokenSize));
                cache.Append(model[^1].AsSpan(..6), model[^1].AsSpan(6..));
            }
            for (var head = 0; head < cache.Shape.KvHeads; head++)
            {
                differing += cache.Keys(head).SequenceEqual([.. model.SelectMany(token => token[(3 * head)..(3 * head + 3)])])
                    && cache.Values(head).SequenceEqual([.. model.SelectMany(token => token[(6 + 3 * head)..(9 + 3 * head)])]) ? 0 : 1;
            }
        }
        return differing;
    }

    static Invariant AgainstDense(string statement, Func<RandomData, AttentionShape> shapes)
    {
        var random = new RandomData(5);
        return Invariant.AtMost(statement, Enumerable.Range(0, 1000).Max(_ =>
        {
            var shape = shapes(random);
            var cache = Filled(random, shape, random.Between(1, 150));
            var query = random.Normals(shape.QuerySize);
            return AttentionCheck.Difference(shape, query, head => cache.Keys(head).ToArray(), head => cache.Values(head).ToArray(),
                output => cache.Attend(query, output));
        }), AttentionCheck.Tolerance);
    }

    static GqaCache Filled(RandomData random, AttentionShape shape, int length)
    {
        var cache = new GqaCache(shape, length + 8);
        for (var token = 0; token < length; token++)
            cache.Append(random.Normals(shape.TokenSize), random.Normals(shape.TokenSize));
        return cache;
    }
}
