namespace MlPerfEdu.Serving.Matryoshka;

/// <summary>Embeddings whose prefixes are embeddings themselves (Kusupati et al. 2022): cut off, and normalised to length 1 again.</summary>
public sealed class MatryoshkaEmbedding
{
    const float ShortestLength = 1e-10f;

    readonly int[] widths;

    // full: width of a whole embedding; widths: those that the model was trained to be cut off at
    public MatryoshkaEmbedding(int full, params ReadOnlySpan<int> widths)
    {
        Full = Guard.Positive(full, "width");
        Guard.NotEmpty(widths.Length, "widths");
        this.widths = widths.ToArray();
        Array.Sort(this.widths);
        Guard.Range(this.widths[0] >= 1 && this.widths[^1] <= full, "widths", $"{this.widths[0]} to {this.widths[^1]}", $"1 to {full}");
    }

    public int Full { get; }

    /// <summary>The smallest width that is not below the wanted one, or the largest of all.</summary>
    public int Nearest(int wanted) => widths.FirstOrDefault(width => width >= wanted, widths[^1]);

    // embeddings (rows, full); cut (rows, width)
    public void Cut(ReadOnlySpan<float> embeddings, int width, Span<float> cut)
    {
        Check(width);
        var rows = Guard.Rows(embeddings, Full, "embeddings");
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

    /// <summary>By the definition, in double; the oracle.</summary>
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
        ReadOnlySpan<float> a = first[..width], b = second[..width];
        Guard.Finite(a, "the first embedding");
        Guard.Finite(b, "the second embedding");
        var lengths = MathF.Sqrt(Simd.Dot(a, a)) * MathF.Sqrt(Simd.Dot(b, b));
        return lengths < ShortestLength ? 0 : Math.Clamp(Simd.Dot(a, b) / lengths, -1, 1);
    }

    static float Length(ReadOnlySpan<float> values)
    {
        var length = MathF.Sqrt(Simd.Dot(values, values));
        return float.IsFinite(length) ? length : throw KernelErrors.OutOfRange("an embedding of length", length, "a finite one");
    }

    void Check(int width)
    {
        if (!widths.AsSpan().Contains(width))
            throw KernelErrors.UnknownId("width", width, "one of " + string.Join(", ", widths));
    }
}

[Kernels("matryoshka")]
public sealed class MatryoshkaKernels : IKernels
{
    readonly MatryoshkaEmbedding embedding = new(512, 64, 128, 256, 512);

    public IEnumerable<Kernel> Kernels()
    {
        yield return Of("embed", 1, 64);
        yield return Of("batch-embed", 32, 256);
    }

    Kernel Of(string operation, int rows, int width)
    {
        var embeddings = new AlignedBuffer<float>(new RandomData(42).Normals(rows * embedding.Full));
        var cut = new AlignedBuffer<float>(rows * width);
        return new(operation, () => embedding.Cut(embeddings.Span, width, cut.Span))
            { Flops = 3.0 * rows * width, Bytes = 2.0 * sizeof(float) * rows * width };
    }
}
