using MlPerfEdu.Serving.Vision;

namespace MlPerfEdu.Serving.Tests.Modules;

[InvariantsOf("vision-compressor")]
sealed class VisionInvariants : IInvariants
{
    public IEnumerable<KernelInvariant> Invariants()
    {
        var (check, random) = (new Trials(), new RandomData(25));
        for (var trial = 0; trial < 100; trial++)
        {
            var (count, width) = (random.Between(1, 60), random.Between(1, 40));
            var compressor = new VisionTokenCompressor(1 - random.Share(), random.Between(1, 20));
            var (tokens, attention) = (random.Normals(count * width), random.Normals(count));
            // Every other time most tokens are the same, so that there are fewer clusters than places.
            for (var token = 2; trial % 2 == 0 && token < count; token++)
                tokens.AsSpan(0, width).CopyTo(tokens.AsSpan(token * width));
            var indices = new int[compressor.Kept(count)];
            var kept = new float[indices.Length * width];

            compressor.ByAttention(tokens, width, attention, indices, kept);
            check.True("attention keeps exactly the tokens that are attended to most", indices.SequenceEqual(Largest(attention, indices.Length)));
            CheckSubset();
            compressor.ByMagnitude(tokens, width, indices, kept);
            float[] lengths = [.. tokens.Chunk(width).Select(token => Simd.Dot(token, token))];
            check.True("magnitude keeps exactly the longest", indices.SequenceEqual(Largest(lengths, indices.Length)));
            CheckSubset();
            compressor.ByClustering(tokens, width, indices, kept);
            CheckSubset();
            int[] first = [.. indices];
            compressor.ByClustering(tokens, width, indices, kept);
            check.True("clustering is repeatable", first.SequenceEqual(indices));

            void CheckSubset() => check.True("what is kept is a part of the tokens, in their order and each once",
                indices.Zip(indices.Skip(1), (a, b) => a < b).All(rising => rising)
                && kept.SequenceEqual(indices.SelectMany(index => tokens.Skip(index * width).Take(width))));
        }
        return
        [
            .. check.Invariants,
            KernelInvariant.True("clustering keeps the member in the middle of each of five clear clusters", 20, () => KeepsTheMiddles(random)),
        ];
    }

    static IEnumerable<int> Largest(float[] values, int count) =>
        Enumerable.Range(0, values.Length).OrderByDescending(index => values[index]).Take(count).Order();

    // Middles 100 apart, their members side by side in the list: one is the middle, and four lie around it.
    static bool KeepsTheMiddles(RandomData random)
    {
        const int width = 5;
        var tokens = new float[25 * width];
        for (var token = 0; token < 25; token++)
        {
            var (cluster, member) = (token / 5, token % 5);
            tokens[token * width + cluster] = 100;
            if (member > 0)
                tokens[token * width + (cluster + (member + 1) / 2) % width] += member % 2 == 0 ? 2 : -2;
        }
        var (indices, kept) = (new int[5], new float[5 * width]);
        new VisionTokenCompressor(0.2, 1, random.Below(1000)).ByClustering(tokens, width, indices, kept);
        return indices.SequenceEqual([0, 5, 10, 15, 20]);
    }
}
