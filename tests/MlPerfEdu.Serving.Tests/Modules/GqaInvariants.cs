using MlPerfEdu.Serving.Gqa;
using static MlPerfEdu.Serving.Gqa.GqaKernels;

namespace MlPerfEdu.Serving.Tests.Modules;

[InvariantsOf("gqa")]
sealed class GqaInvariants : IInvariants
{
    public IEnumerable<KernelInvariant> Invariants()
    {
        yield return ToDense("equals dense attention for any number of groups and tokens", random => AttentionCheck.RandomShape(random, 4, 4, 80));
        yield return ToDense("one kv head per query head is ordinary attention", random =>
        {
            var heads = random.Between(1, 8);
            return new(heads, heads, 16 * random.Between(1, 4));
        });
        yield return ToDense("one kv head for all is multi-query attention", random => new(random.Between(2, 8), 1, 32));
        yield return KernelInvariant.None("holds what a list of tokens holds, under 100,000 random operations", Differing(new(29)));
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

    static KernelInvariant ToDense(string statement, Func<RandomData, AttentionShape> shapes)
    {
        var random = new RandomData(5);
        return KernelInvariant.AtMost(statement, AttentionCheck.Tolerance, 1000, () =>
        {
            var shape = shapes(random);
            var cache = Filled(random, shape, random.Between(1, 150));
            var query = random.Normals(shape.QuerySize);
            return AttentionCheck.Difference(shape, query, AttentionCheck.AllHeads(shape, head => cache.Keys(head).ToArray()),
                AttentionCheck.AllHeads(shape, head => cache.Values(head).ToArray()), output => cache.Attend(query, output));
        });
    }
}
