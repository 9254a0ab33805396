namespace MlPerfEdu.Serving.Vision;

/// <summary>Keeps some tokens of a picture, so that the language model reads fewer: those that are attended to most (Chen et al. 2024), the longest
/// vectors, or one of each cluster. They stay unchanged and in order.</summary>
/// <param name="ratio">The share of tokens to keep.</param>
/// <param name="fewest">Tokens to keep in any case, if there are so many.</param>
public sealed class VisionTokenCompressor(double ratio, int fewest, int seed = 42)
{
    readonly double ratio = Guard.Range(ratio is > 0 and <= 1, "a ratio of", ratio, "above 0, at most 1");
    readonly int fewest = Guard.Positive(fewest, "tokens to keep");
    readonly KMeans kMeans = new(seed);
    Scratch<float> lengths = new();

    public int Kept(int tokens) => Math.Min(tokens, Math.Max(fewest, (int)Math.Round(tokens * ratio)));

    // tokens (n, width); attention (n); indices (kept): where the tokens that are kept were; compressed (kept, width)
    public void ByAttention(ReadOnlySpan<float> tokens, int width, ReadOnlySpan<float> attention, Span<int> indices, Span<float> compressed)
    {
        Check(tokens, width, indices, compressed);
        Guard.Length(attention.Length, tokens.Length / width, "attention");
        Guard.Finite(attention, "attention");
        TopK.Select(attention, indices);
        Gather(tokens, width, indices, compressed);
    }

    public void ByMagnitude(ReadOnlySpan<float> tokens, int width, Span<int> indices, Span<float> compressed)
    {
        Check(tokens, width, indices, compressed);
        Guard.Finite(tokens, "tokens");
        TopK.Select(Lengths(tokens, width), indices);
        Gather(tokens, width, indices, compressed);
    }

    public void ByClustering(ReadOnlySpan<float> tokens, int width, Span<int> indices, Span<float> compressed)
    {
        Check(tokens, width, indices, compressed);
        Guard.Finite(tokens, "tokens");
        var found = kMeans.Representatives(tokens, width, indices);
        // Fewer different tokens than places: the longest of the others fill up.
        var lengths = Lengths(tokens, width);
        foreach (var index in indices[..found])
            lengths[index] = -1;
        TopK.Select(lengths, indices[found..]);
        Gather(tokens, width, indices, compressed);
    }

    Span<float> Lengths(ReadOnlySpan<float> tokens, int width)
    {
        var lengths = this.lengths.Take(tokens.Length / width);
        for (var token = 0; token < lengths.Length; token++)
            lengths[token] = Simd.Dot(tokens.Slice(token * width, width), tokens.Slice(token * width, width));
        return lengths;
    }

    void Check(ReadOnlySpan<float> tokens, int width, Span<int> indices, Span<float> compressed)
    {
        var count = Guard.Rows(tokens, Guard.Positive(width, "width"), "tokens");
        Guard.Length(indices.Length, Kept(count), "indices");
        Guard.Length(compressed.Length, indices.Length * width, "the compressed tokens");
    }

    static void Gather(ReadOnlySpan<float> tokens, int width, Span<int> indices, Span<float> compressed)
    {
        indices.Sort();
        for (var place = 0; place < indices.Length; place++)
            tokens.Slice(indices[place] * width, width).CopyTo(compressed[(place * width)..]);
    }
}

/// <summary>Clusters by k-means++ (Arthur and Vassilvitskii 2007) and Lloyd's iteration, and finds the member closest to each centre.</summary>
sealed class KMeans(int seed)
{
    const int MostIterations = 100;

    Scratch<float> centers = new();
    Scratch<float> distances = new();
    Scratch<int> clusters = new();
    Scratch<int> sizes = new();

    /// <param name="points">(n, width)</param>
    /// <param name="representatives">(clusters)</param>
    /// <returns>How many clusters have members.</returns>
    public int Representatives(ReadOnlySpan<float> points, int width, Span<int> representatives)
    {
        var (count, k) = (points.Length / width, representatives.Length);
        var middles = centers.Take(k * width);
        var toMiddle = distances.Take(count);
        var clusterOf = clusters.Take(count);
        Begin(points, width, middles, toMiddle);
        clusterOf.Fill(-1);
        for (var iteration = 0; iteration < MostIterations && Assign(points, width, middles, clusterOf, toMiddle); iteration++)
            Move(points, width, middles, clusterOf, sizes.Take(k));
        return Closest(toMiddle, clusterOf, representatives);
    }

    // The first at random, each further one with a probability in proportion to its squared distance from those before.
    void Begin(ReadOnlySpan<float> points, int width, Span<float> middles, Span<float> distances)
    {
        var random = new SplitMix((ulong)seed);
        distances.Fill(float.PositiveInfinity);
        var chosen = (int)(random.Share() * distances.Length);
        for (var cluster = 0; cluster < middles.Length / width; cluster++)
        {
            var middle = points.Slice(chosen * width, width);
            middle.CopyTo(middles[(cluster * width)..]);
            var sum = 0.0;
            for (var point = 0; point < distances.Length; point++)
            {
                distances[point] = MathF.Min(distances[point], SquaredDistance(points.Slice(point * width, width), middle));
                sum += distances[point];
            }
            chosen = Choose(distances, random.Share() * sum);
        }
    }

    static int Choose(Span<float> weights, double at)
    {
        for (var index = 0; index < weights.Length; index++)
        {
            at -= weights[index];
            if (at < 0)
                return index;
        }
        return weights.Length - 1;
    }

    /// <returns>Whether any point changed its cluster.</returns>
    static bool Assign(ReadOnlySpan<float> points, int width, Span<float> middles, Span<int> clusters, Span<float> distances)
    {
        var changed = false;
        for (var point = 0; point < clusters.Length; point++)
        {
            var (nearest, least) = (0, float.PositiveInfinity);
            for (var cluster = 0; cluster < middles.Length / width; cluster++)
            {
                var distance = SquaredDistance(points.Slice(point * width, width), middles.Slice(cluster * width, width));
                if (distance < least)
                    (nearest, least) = (cluster, distance);
            }
            changed |= clusters[point] != nearest;
            (clusters[point], distances[point]) = (nearest, least);
        }
        return changed;
    }

    // A cluster without members stays where it is.
    static void Move(ReadOnlySpan<float> points, int width, Span<float> middles, Span<int> clusters, Span<int> sizes)
    {
        sizes.Clear();
        foreach (var cluster in clusters)
        {
            if (sizes[cluster]++ == 0)
                middles.Slice(cluster * width, width).Clear();
        }
        for (var point = 0; point < clusters.Length; point++)
        {
            var middle = middles.Slice(clusters[point] * width, width);
            Simd.AddScaled(ref middle[0], ref MemoryMarshal.GetReference(points[(point * width)..]), 1f / sizes[clusters[point]], width);
        }
    }

    static int Closest(Span<float> distances, Span<int> clusters, Span<int> representatives)
    {
        var found = 0;
        for (var cluster = 0; cluster < representatives.Length; cluster++)
        {
            var closest = -1;
            for (var point = 0; point < clusters.Length; point++)
            {
                if (clusters[point] == cluster && (closest < 0 || distances[point] < distances[closest]))
                    closest = point;
            }
            if (closest >= 0)
                representatives[found++] = closest;
        }
        return found;
    }

    static float SquaredDistance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var distance = TensorPrimitives.Distance(a, b);
        return distance * distance;
    }
}

[Kernels("vision-compressor")]
public sealed class VisionKernels : IKernels
{
    const int Width = 768;

    public IEnumerable<Kernel> Kernels()
    {
        var random = new RandomData(42);
        var byAttention = new VisionTokenCompressor(0.5, 16);
        var (tokens, attention) = (random.Normals(50 * Width), random.Normals(50));
        var (indices, kept) = (new int[25], new float[25 * Width]);
        yield return new("compress-attention", () => byAttention.ByAttention(tokens, Width, attention, indices, kept))
            { Bytes = sizeof(float) * 2.0 * indices.Length * Width };
        var byClustering = new VisionTokenCompressor(0.5, 8);
        var (few, ofFew, keptOfFew) = (random.Normals(20 * Width), new int[10], new float[10 * Width]);
        yield return new("compress-clustering", () => byClustering.ByClustering(few, Width, ofFew, keptOfFew));
    }
}
