using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Matryoshka;

/// <summary>Embeddings whose beginnings are embeddings themselves (Kusupati et al. 2022): cut off, and made of length 1 again.</summary>
public sealed class MatryoshkaEmbedding
{
    const float ShortestLength = 1e-10f;

    readonly int[] _widths;

    /// <param name="full">Width of a whole embedding.</param>
    /// <param name="widths">Those that the model was trained to be cut off at.</param>
    public MatryoshkaEmbedding(int full, params ReadOnlySpan<int> widths)
    {
        Full = Guard.Positive(full, "width");
        Guard.NotEmpty(widths.Length, "widths");
        _widths = widths.ToArray();
        Array.Sort(_widths);
        if (_widths[0] < 1 || _widths[^1] > full)
            throw ServingErrors.OutOfRange("widths", $"{_widths[0]} to {_widths[^1]}", $"1 to {full}");
    }

    public int Full { get; }

    /// <summary>The smallest width that is not below the one that is wanted, or the largest of all.</summary>
    public int Nearest(int wanted)
    {
        foreach (var width in _widths)
        {
            if (width >= wanted)
                return width;
        }
        return _widths[^1];
    }

    /// <param name="embeddings">(rows, full)</param>
    /// <param name="cut">(rows, width)</param>
    public void Cut(ReadOnlySpan<float> embeddings, int width, Span<float> cut)
    {
        Check(width);
        var rows = Rows.Count(embeddings, Full, "embeddings");
        Guard.Length(cut.Length, rows * width, "the cut embeddings");
        var length = Length(embeddings[..width]);
        for (var row = 0; row < rows; row++)
        {
            // The next row is read before this one is scaled, so that neither waits for the root and the quotient.
            var inverse = length < ShortestLength ? 1 : 1 / length;
            if (row + 1 < rows)
                length = Length(embeddings.Slice((row + 1) * Full, width));
            Simd.Scale(embeddings.Slice(row * Full, width), inverse, cut.Slice(row * width, width));
        }
    }

    /// <summary>By the definition and in double; the oracle.</summary>
    public void PlainCut(ReadOnlySpan<float> embeddings, int width, Span<float> cut)
    {
        for (var row = 0; row * Full < embeddings.Length; row++)
        {
            var squares = 0.0;
            for (var index = 0; index < width; index++)
                squares += (double)embeddings[row * Full + index] * embeddings[row * Full + index];
            var length = Math.Sqrt(squares) < ShortestLength ? 1 : Math.Sqrt(squares);
            for (var index = 0; index < width; index++)
                cut[row * width + index] = (float)(embeddings[row * Full + index] / length);
        }
    }

    /// <summary>The cosine of two embeddings at a width.</summary>
    public float Similarity(ReadOnlySpan<float> first, ReadOnlySpan<float> second, int width)
    {
        Check(width);
        Guard.Length(first.Length, Full, "the first embedding");
        Guard.Length(second.Length, Full, "the second embedding");
        var a = first[..width];
        var b = second[..width];
        Guard.Finite(a, "the first embedding");
        Guard.Finite(b, "the second embedding");
        var lengths = MathF.Sqrt(Simd.Dot(a, a)) * MathF.Sqrt(Simd.Dot(b, b));
        return lengths < ShortestLength ? 0 : Math.Clamp(Simd.Dot(a, b) / lengths, -1, 1);
    }

    static float Length(ReadOnlySpan<float> values)
    {
        var length = MathF.Sqrt(Simd.Dot(values, values));
        return float.IsFinite(length) ? length : throw ServingErrors.OutOfRange("an embedding of length", length, "a finite one");
    }

    void Check(int width)
    {
        if (!_widths.AsSpan().Contains(width))
            throw ServingErrors.UnknownId("width", width, "one of " + string.Join(", ", _widths));
    }
}
