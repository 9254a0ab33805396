using MlPerfEdu.Serving.Attention;
using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.SlidingWindow;

[Kernels("sliding-window")]
public sealed class SlidingWindowKernels : IKernels
{
    const int Window = 128;

    readonly AttentionShape _shape = new(heads: 8, kvHeads: 2, dim: 64);

    public IEnumerable<Kernel> Kernels()
    {
        var random = new RandomData(42);
        var (key, value) = (random.Normals(_shape.TokenSize), random.Normals(_shape.TokenSize));
        var (query, output) = (random.Normals(_shape.QuerySize), new float[_shape.QuerySize]);
        var (appended, read) = (Filled(random, _shape, Window, Window), Filled(random, _shape, Window, Window + 5));
        return
        [
            new("append", () => appended.Append(key, value)) { Bytes = 4.0 * _shape.TokenSize * sizeof(float) },
            new("attend", () => read.Attend(query, output)) { Flops = _shape.Flops(Window), Bytes = _shape.Bytes(Window) },
        ];
    }

    public IEnumerable<Invariant> Invariants()
    {
        var random = new RandomData(7);
        yield return Invariant.AtMost("equals dense attention over the last tokens, whatever the window and the length",
            Enumerable.Range(0, 1000).Max(_ => AgainstDense(random)), AttentionCheck.Tolerance);
        var cache = Filled(random, _shape, 8, 12);
        yield return Invariant.None("twelve tokens in a window of eight: eight used, four evicted",
            (cache.Used == 8 ? 0 : 1) + (cache.Evicted == 4 ? 0 : 1) + (cache.Length == 12 ? 0 : 1));
        yield return Invariant.None("keys and values come back oldest first", Enumerable.Range(0, 100).Sum(_ => OutOfOrder(random)));
    }

    static double AgainstDense(RandomData random)
    {
        var kvHeads = random.Between(1, 3);
        var shape = new AttentionShape(kvHeads * random.Between(1, 4), kvHeads, random.Between(1, 70));
        var cache = Filled(random, shape, random.Between(1, 90), random.Between(1, 250));
        var query = random.Normals(shape.QuerySize);
        return AttentionCheck.Difference(shape, query, Copied(cache, cache.CopyKeys), Copied(cache, cache.CopyValues),
            output => cache.Attend(query, output));
    }

    // Each key holds the number of its token, each value that number doubled.
    static int OutOfOrder(RandomData random)
    {
        var (window, total) = (random.Between(1, 20), random.Between(1, 60));
        var cache = new SlidingWindowCache(new(2, 2, 1), window);
        for (var token = 0; token < total; token++)
            cache.Append([token, token], [2 * token, 2 * token]);
        var expected = Enumerable.Range(0, total).TakeLast(window).Select(token => (float)token).ToList();
        return Copied(cache, cache.CopyKeys)(1).SequenceEqual(expected)
            && Copied(cache, cache.CopyValues)(1).SequenceEqual(expected.Select(token => 2 * token)) ? 0 : 1;
    }

    delegate void Copy(int kvHead, Span<float> output);

    static Func<int, float[]> Copied(SlidingWindowCache cache, Copy copy) => head =>
    {
        var tokens = new float[cache.Used * cache.Shape.Dim];
        copy(head, tokens);
        return tokens;
    };

    static SlidingWindowCache Filled(RandomData random, AttentionShape shape, int window, int tokens)
    {
        var cache = new SlidingWindowCache(shape, window);
        for (var token = 0; token < tokens; token++)
            cache.Append(random.Normals(shape.TokenSize), random.Normals(shape.TokenSize));
        return cache;
    }
}
