using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Vision;

/// <summary>
/// Keeps a part of the tokens of a picture, so that the language model reads fewer: those that are attended to most (Chen et al. 2024),
/// those of the largest vectors, or one of each cluster of similar ones. What is kept is kept as it is and in its order.
/// </summary>
public sealed class VisionTokenCompressor
{
    readonly double _ratio;
    readonly int _fewest;
    readonly KMeans _kMeans;
    Scratch<float> _lengths = new();

    /// <param name="ratio">The part that is kept.</param>
    /// <param name="fewest">That are kept in any case, if there are so many.</param>
    public VisionTokenCompressor(double ratio, int fewest, int seed = 42)
    {
        if (!(ratio is > 0 and <= 1))
            throw ServingErrors.OutOfRange("a ratio of", ratio, "above 0, at most 1");
        (_ratio, _fewest, _kMeans) = (ratio, Guard.Positive(fewest, "tokens to keep"), new(seed));
    }

    public int Kept(int tokens) => Math.Min(tokens, Math.Max(_fewest, (int)Math.Round(tokens * _ratio)));

    /// <param name="tokens">(n, width)</param>
    /// <param name="attention">(n)</param>
    /// <param name="indices">(kept): where the tokens that are kept were.</param>
    /// <param name="compressed">(kept, width)</param>
    public void ByAttention(
        ReadOnlySpan<float> tokens, int width, ReadOnlySpan<float> attention, Span<int> indices, Span<float> compressed)
    {
        Check(tokens, width, indices, compressed);
        Guard.Length(attention.Length, tokens.Length / width, "attention");
        Guard.Finite(attention, "attention");
        TopK.Select(attention, indices);
        Gather(tokens, width, indices, compressed);
    }

    /// <inheritdoc cref="ByAttention"/>
    public void ByMagnitude(ReadOnlySpan<float> tokens, int width, Span<int> indices, Span<float> compressed)
    {
        Check(tokens, width, indices, compressed);
        Guard.Finite(tokens, "tokens");
        TopK.Select(Lengths(tokens, width), indices);
        Gather(tokens, width, indices, compressed);
    }

    /// <inheritdoc cref="ByAttention"/>
    public void ByClustering(ReadOnlySpan<float> tokens, int width, Span<int> indices, Span<float> compressed)
    {
        Check(tokens, width, indices, compressed);
        Guard.Finite(tokens, "tokens");
        var found = _kMeans.Representatives(tokens, width, indices);
        // Fewer different tokens than places: the longest of the others fill up.
        var lengths = Lengths(tokens, width);
        foreach (var index in indices[..found])
            lengths[index] = -1;
        TopK.Select(lengths, indices[found..]);
        Gather(tokens, width, indices, compressed);
    }

    Span<float> Lengths(ReadOnlySpan<float> tokens, int width)
    {
        var lengths = _lengths.Take(tokens.Length / width);
        for (var token = 0; token < lengths.Length; token++)
            lengths[token] = Simd.Dot(tokens.Slice(token * width, width), tokens.Slice(token * width, width));
        return lengths;
    }

    void Check(ReadOnlySpan<float> tokens, int width, Span<int> indices, Span<float> compressed)
    {
        var count = Rows.Count(tokens, Guard.Positive(width, "width"), "tokens");
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
