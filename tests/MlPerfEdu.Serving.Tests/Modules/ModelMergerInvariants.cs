using MlPerfEdu.Serving.Merging;

namespace MlPerfEdu.Serving.Tests.Modules;

[InvariantsOf("model-merger")]
sealed class ModelMergerInvariants : IInvariants
{
    public IEnumerable<KernelInvariant> Invariants()
    {
        var (check, random) = (new Trials(), new RandomData(15));
        for (var trial = 0; trial < 200; trial++)
        {
            var size = random.Between(1, 500);
            var (a, b, fast, plain) = (random.Normals(size), random.Normals(size), new float[size], new float[size]);
            var t = (float)random.Share();
            Slerp.Into(a, b, t, fast);
            Slerp.Plain(a, b, t, plain);
            check.AtMost("slerp equals its plain form", 1e-5, Difference.Relative(plain, fast));
            foreach (var (end, weights) in new[] { (0f, a), (1f, b) })
            {
                Slerp.Into(a, b, end, fast);
                check.AtMost("slerp begins at the first weights and ends at the second", 1e-6, Difference.Relative(weights, fast));
            }
            // Orthogonal by construction: one lives where the other is 0.
            float[] c = [.. a, .. new float[size]], d = [.. new float[size], .. a], middle = new float[2 * size];
            Slerp.Into(c, d, 0.5f, middle);
            check.AtMost("half-way between orthogonal weights slerp keeps their length", 1e-4,
                Math.Abs(1 - Math.Sqrt(Simd.Dot(middle, middle) / Simd.Dot(c, c))));
            Slerp.Into(a, [.. a.Select(value => -value)], t, fast);
            check.AtMost("between opposite weights none becomes larger than they are", 1.001,
                Simd.MaxMagnitude(fast) / Simd.MaxMagnitude(a));
        }
        check.AtMost("weights that are nearly parallel are interpolated on the line", 1e-6, Line(random));
        return [.. check.Invariants, .. OfDare(random), .. OfTies(random)];
    }

    static double Line(RandomData random)
    {
        var (a, zeros, merged) = (random.Normals(100), new float[100], new float[100]);
        Slerp.Into(zeros, a, 0.5f, merged);
        var ofZeros = Difference.Largest([.. a.Select(value => value / 2)], merged);
        Slerp.Into(a, [.. a.Select(value => 3 * value)], 0.5f, merged);
        return Math.Max(ofZeros, Difference.Relative([.. a.Select(value => 2 * value)], merged));
    }

    static IEnumerable<KernelInvariant> OfDare(RandomData random)
    {
        const int size = 20_000;
        var (own, merged, again) = (random.Normals(size), new float[size], new float[size]);
        float[][] models = [random.Normals(size), random.Normals(size)];
        float[] shares = [0.7f, 0.3f];
        Dare.Into(own, models, shares, 1, 1, merged);
        float[] line = [.. own.Select((value, at) => value + 0.7f * (models[0][at] - value) + 0.3f * (models[1][at] - value))];
        yield return KernelInvariant.AtMost("DARE that drops nothing adds the weighted changes", Difference.Largest(line, merged), 1e-5);

        float[] zeros = new float[size], ones = [.. Enumerable.Repeat(1f, size)];
        Dare.Into(zeros, [ones], [1], 0.1f, 7, merged);
        yield return KernelInvariant.AtMost("DARE keeps the mean of a change", Math.Abs(1 - merged.Average()), 0.1);
        yield return KernelInvariant.None("what DARE keeps is scaled up by 1/density", merged.Count(value => value != 0 && Math.Abs(value - 10) > 1e-5));
        Dare.Into(zeros, [ones], [1], 0.1f, 7, again);
        yield return KernelInvariant.AtMost("a seed gives the same merge again", Difference.Largest(merged, again), 0);
        Dare.Into(zeros, [ones], [1], 0.1f, 8, again);
        yield return KernelInvariant.True("another seed gives another merge", !merged.SequenceEqual(again));
        Dare.Into(zeros, [ones, ones], [1, 1], 0.5f, 7, merged);
        yield return KernelInvariant.AtMost("each model loses changes of its own: a quarter keeps both",
            Math.Abs(0.25 - merged.Average(value => value == 4 ? 1.0 : 0)), 0.02);
    }

    static IEnumerable<KernelInvariant> OfTies(RandomData random)
    {
        float[] zeros = new float[6], merged = new float[6];
        // Four of six are kept of each: one alone, one alone, − by magnitude, a tie, one alone, one alone.
        Ties.Into(zeros, [[9, 8, -7, 6, 0.1f, 0.2f], [0.5f, -0.6f, 2, -6, 5, 7]], 4 / 6f, 1, merged);
        yield return KernelInvariant.AtMost("TIES trims, votes and averages as the paper does", Difference.Largest([9, 8, -7, 6, 5, 7], merged), 1e-6);

        var (own, fineTuned, result) = (random.Normals(100), random.Normals(100), new float[100]);
        Ties.Into(own, [fineTuned], 1, 1, result);
        yield return KernelInvariant.AtMost("TIES of one model that keeps all gives that model", Difference.Largest(fineTuned, result), 1e-6);
        Ties.Into(own, [], 1, 1, result);
        yield return KernelInvariant.AtMost("TIES of no model gives the base", Difference.Largest(own, result), 0);

        var half = ModelMerger.Merge([.. own.Select(value => (Half)value)], [.. fineTuned.Select(value => (Half)value)], 0.3f);
        Slerp.Into(own, fineTuned, 0.3f, result);
        yield return KernelInvariant.AtMost("half precision differs by its rounding",
            Difference.Largest(result, [.. half.Select(value => (float)value)]), 4e-3);
        yield return OfNames(own, fineTuned);
    }

    static KernelInvariant OfNames(float[] own, float[] other)
    {
        var merger = new ModelMerger();
        merger.Merge(new() { ["old"] = own }, new() { ["old"] = other }, 0.5f);
        var merged = merger.Merge(new() { ["both"] = own, ["first"] = own }, new() { ["both"] = other, ["second"] = other }, 1);
        var taken = merged.Count == 3 && Difference.Largest(own, merged["first"]) == 0 && Difference.Largest(other, merged["second"]) == 0;
        return KernelInvariant.AtMost("a merge has the weights of both models and no others", taken ? Difference.Relative(other, merged["both"]) : 1, 1e-6);
    }
}
