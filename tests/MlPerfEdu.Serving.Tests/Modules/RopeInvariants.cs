using MlPerfEdu.Serving.Rope;
using static MlPerfEdu.Serving.Rope.RopeKernels;

namespace MlPerfEdu.Serving.Tests.Modules;

[InvariantsOf("rope")]
sealed class RopeInvariants : IInvariants
{
    public IEnumerable<KernelInvariant> Invariants()
    {
        foreach (var (name, scaling) in Scalings)
        {
            var rope = new RotaryEmbedding(scaling);
            yield return KernelInvariant.AtMost($"{name}: equals sine and cosine of every angle, up to position 32,768", AgainstPlain(rope), 1e-5);
            yield return KernelInvariant.AtMost($"{name}: keeps the length of every pair, but for the magnitude", Lengths(rope, scaling.Magnitude), 1e-5);
            yield return KernelInvariant.AtMost($"{name}: the product of query and key depends on their distance only", Distances(rope), 2e-4);
        }
        yield return KernelInvariant.AtMost("angles are positions times frequencies, for any number of pairs", Angles(), 0);
        var (plain, ntk) = (Scalings["none"].Frequencies, Scalings["NTK"].Frequencies);
        yield return KernelInvariant.AtMost("NTK: the fastest pair turns as before, the slowest an eighth as fast, relative",
            Math.Max(Math.Abs(ntk[0] - 1), Math.Abs(ntk[^1] / plain[^1] * Factor - 1)), 1e-12);
        RopeScaling[] unscaled =
            [RopeScaling.Ntk(Dim, Base, 1), RopeScaling.Llama3(Dim, Base, 1, Original), RopeScaling.Yarn(Dim, Base, 1, Original)];
        yield return KernelInvariant.AtMost("a factor of one changes nothing, relative",
            unscaled.Max(scaling => Math.Max(Math.Abs(scaling.Magnitude - 1),
                plain.Zip(scaling.Frequencies, (a, b) => Math.Abs(b / a - 1)).Max())), 1e-15);
        yield return KernelInvariant.AtMost("YaRN: the magnitude for eight times the context",
            Math.Abs(Scalings["YaRN"].Magnitude - 1.2079441541679836), 1e-15);
        yield return KernelInvariant.None("YaRN and Llama 3: fast pairs stay, slow ones turn an eighth as fast", new[] { "YaRN", "Llama 3" }.Count(
            name => Scalings[name].Frequencies[0] != plain[0] || Math.Abs(Scalings[name].Frequencies[^1] * Factor / plain[^1] - 1) > 1e-12));
    }

    // Fewer pairs than a vector, whole vectors, whole panels of them, and rests.
    static double Angles() => new[] { 2, 7, 8, 15, 32, 47, 64, 75 }.Max(pairs =>
    {
        const int positions = 5;
        var (scaling, angles) = (RopeScaling.None(2 * pairs, Base), new double[positions * pairs]);
        new RotaryEmbedding(scaling).Angles(positions, angles);
        return angles.Select((angle, at) => Math.Abs(angle - at / pairs * scaling.Frequencies[at % pairs])).Max();
    });

    static double AgainstPlain(RotaryEmbedding rope)
    {
        var random = new RandomData(11);
        return new[] { (1, 0), (3, 1000), (40, 32_700), (2000, 30_768) }.Max(found =>
        {
            var input = random.Normals(found.Item1 * 2 * Dim);
            var (plain, fast) = (new float[input.Length], new float[input.Length]);
            rope.ApplyPlain(input, 2, found.Item2, plain);
            rope.Apply(input, 2, found.Item2, fast);
            return Difference.Largest(plain, fast);
        });
    }

    static double Lengths(RotaryEmbedding rope, double magnitude)
    {
        var input = new RandomData(12).Normals(100 * Dim);
        var output = new float[input.Length];
        rope.Apply(input, 1, 0, output);
        return Enumerable.Range(0, 100 * Dim / 2).Max(pair =>
        {
            var at = pair / (Dim / 2) * Dim + pair % (Dim / 2);
            return Math.Abs(Math.Sqrt(Square(output, at)) - magnitude * Math.Sqrt(Square(input, at)));
        });

        static double Square(float[] values, int at) => (double)values[at] * values[at] + (double)values[at + Dim / 2] * values[at + Dim / 2];
    }

    static double Distances(RotaryEmbedding rope)
    {
        var random = new RandomData(13);
        var (query, key) = (random.Normals(Dim), random.Normals(Dim));
        return Enumerable.Range(0, 50).Max(_ =>
        {
            var (distance, place) = (random.Below(500), random.Below(3000));
            return Math.Abs(Product(distance, 0) - Product(place + distance, place));
        });

        double Product(int queryAt, int keyAt)
        {
            var (q, k) = (new float[Dim], new float[Dim]);
            rope.Apply(query, 1, queryAt, q);
            rope.Apply(key, 1, keyAt, k);
            return q.Zip(k, (a, b) => (double)a * b).Sum();
        }
    }
}
