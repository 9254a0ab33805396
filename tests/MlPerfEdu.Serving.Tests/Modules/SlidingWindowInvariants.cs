using MlPerfEdu.Serving.SlidingWindow;
using static MlPerfEdu.Serving.SlidingWindow.SlidingWindowKernels;

namespace MlPerfEdu.Serving.Tests.Modules;

[InvariantsOf("sliding-window")]
sealed class SlidingWindowInvariants : IInvariants
{
    public IEnumerable<KernelInvariant> Invariants()
    {
        var random = new RandomData(7);
        yield return KernelInvariant.AtMost("equals dense attention over the last tokens, for any window and length", AttentionCheck.Tolerance, 1000, () =>
        {
            var shape = AttentionCheck.RandomShape(random, 3, 4, 70);
            var cache = Filled(random, shape, random.Between(1, 90), random.Between(1, 250));
            var query = random.Normals(shape.QuerySize);
            return AttentionCheck.Difference(shape, query, AttentionCheck.AllHeads(shape, Copied(cache, cache.CopyKeys)),
                AttentionCheck.AllHeads(shape, Copied(cache, cache.CopyValues)), output => cache.Attend(query, output));
        });
        var twelve = Filled(random, new(heads: 8, kvHeads: 2, dim: 64), 8, 12);
        yield return KernelInvariant.None("twelve tokens in a window of eight: eight used, four evicted",
            (twelve.Used == 8 ? 0 : 1) + (twelve.Evicted == 4 ? 0 : 1) + (twelve.Length == 12 ? 0 : 1));
        yield return KernelInvariant.True("keys and values come back oldest first", 100, () => IsInOrder(random));
    }

    // Each key holds the number of its token, each value twice that number.
    static bool IsInOrder(RandomData random)
    {
        var (window, total) = (random.Between(1, 20), random.Between(1, 60));
        var cache = new SlidingWindowCache(new(2, 2, 1), window);
        for (var token = 0; token < total; token++)
            cache.Append([token, token], [2 * token, 2 * token]);
        var expected = Enumerable.Range(0, total).TakeLast(window).Select(token => (float)token).ToList();
        return Copied(cache, cache.CopyKeys)(1).SequenceEqual(expected)
            && Copied(cache, cache.CopyValues)(1).SequenceEqual(expected.Select(token => 2 * token));
    }

    delegate void Copy(int kvHead, Span<float> output);

    static Func<int, float[]> Copied(SlidingWindowCache cache, Copy copy) => head =>
    {
        var tokens = new float[cache.Used * cache.Shape.Dim];
        copy(head, tokens);
        return tokens;
    };
}
