using MlPerfEdu.Serving.Rope;

namespace MlPerfEdu.Serving.Loop;

/// <summary>A transformer decoder with random weights: RMS norms, rotary positions, grouped queries, a tied head. Small enough to compute every
/// step from scratch, with which the serving loop is compared. For one thread at a time.</summary>
sealed class TinyModel
{
    const int Width = 32;
    const int Hidden = 64;
    const float Epsilon = 1e-5f;

    // (vocabulary, width), and transposed
    readonly float[] embedding;
    readonly float[] head;
    readonly Layer[] layers;
    readonly RotaryEmbedding rope;
    Scratch<float> x = new();
    Scratch<float> normed = new();
    Scratch<float> query = new();
    Scratch<float> key = new();
    Scratch<float> value = new();
    Scratch<float> mixed = new();
    Scratch<float> hidden = new();
    Scratch<float> change = new();

    TinyModel(float[] embedding, Layer[] layers)
    {
        (this.embedding, head, this.layers) = (embedding, new float[embedding.Length], layers);
        for (var token = 0; token < Vocabulary; token++)
        {
            for (var column = 0; column < Width; column++)
                head[column * Vocabulary + token] = embedding[token * Width + column];
        }
        rope = new(RopeScaling.None(Shape.Dim, 10000));
    }

    public AttentionShape Shape { get; } = new(heads: 4, kvHeads: 2, dim: 8);
    public int Layers => layers.Length;
    public int Vocabulary => embedding.Length / Width;

    public static TinyModel Random(int vocabulary, int layers, int seed)
    {
        var random = new RandomData(seed);
        return new(Matrix(vocabulary, Width, 1), [.. Enumerable.Range(0, layers).Select(_ => new Layer(
            Matrix(Width, 32, 0.4f), Matrix(Width, 16, 0.4f), Matrix(Width, 16, 0.4f), Matrix(32, Width, 0.4f),
            Matrix(Width, Hidden, 0.4f), Matrix(Hidden, Width, 0.4f)))]);

        float[] Matrix(int rows, int columns, float scale)
        {
            var weights = random.Normals(rows * columns);
            Simd.Scale(weights, scale);
            return weights;
        }
    }

    /// <summary>The same without its last layers: cheaper and often of the same opinion, as a draft is trained to be.</summary>
    public TinyModel WithFewerLayers(int layers) => new(embedding, this.layers[..layers]);

    /// <summary>Attention of a row's token in a layer, after its key and value are appended.</summary>
    public delegate void Attention(
        int layer, int row, ReadOnlySpan<float> query, ReadOnlySpan<float> key, ReadOnlySpan<float> value, Span<float> output);

    /// <summary>Many tokens of one or several sequences through all layers at once. Each gets the bits that it would get alone.</summary>
    /// <param name="positions">(rows), in order within a sequence</param>
    /// <param name="logits">(rows, vocabulary), or empty</param>
    public void Forward(ReadOnlySpan<int> tokens, ReadOnlySpan<int> positions, Attention attention, Span<float> logits)
    {
        Guard.Length(positions.Length, tokens.Length, "positions");
        var (rows, querySize, tokenSize) = (tokens.Length, Shape.QuerySize, Shape.TokenSize);
        Span<float> x = this.x.Take(rows * Width), normed = this.normed.Take(rows * Width), change = this.change.Take(rows * Width);
        Span<float> query = this.query.Take(rows * querySize), mixed = this.mixed.Take(rows * querySize);
        Span<float> key = this.key.Take(rows * tokenSize), value = this.value.Take(rows * tokenSize);
        var hidden = this.hidden.Take(rows * Hidden);
        for (var row = 0; row < rows; row++)
            embedding.AsSpan(tokens[row] * Width, Width).CopyTo(x[(row * Width)..]);
        for (var number = 0; number < Layers; number++)
        {
            var layer = layers[number];
            Norm(x, normed);
            Product.Into(normed, layer.Query, query, rows, Width, querySize);
            Product.Into(normed, layer.Key, key, rows, Width, tokenSize);
            Product.Into(normed, layer.Value, value, rows, Width, tokenSize);
            for (var row = 0; row < rows; row++)
            {
                Span<float> rowQuery = query.Slice(row * querySize, querySize), rowKey = key.Slice(row * tokenSize, tokenSize);
                rope.Apply(rowQuery, Shape.Heads, positions[row], rowQuery);
                rope.Apply(rowKey, Shape.KvHeads, positions[row], rowKey);
                attention(number, row, rowQuery, rowKey, value.Slice(row * tokenSize, tokenSize), mixed.Slice(row * querySize, querySize));
            }
            Product.Into(mixed, layer.Output, change, rows, querySize, Width);
            TensorPrimitives.Add(x, change, x);
            Norm(x, normed);
            Product.Into(normed, layer.Up, hidden, rows, Width, Hidden);
            TensorPrimitives.Max(hidden, 0, hidden);
            Product.Into(hidden, layer.Down, change, rows, Hidden, Width);
            TensorPrimitives.Add(x, change, x);
        }
        if (logits.IsEmpty)
            return;
        Norm(x, normed);
        Product.Into(normed, head, logits, rows, Width, Vocabulary);
    }

    // (rows, width)
    static void Norm(ReadOnlySpan<float> x, Span<float> normed)
    {
        for (var at = 0; at < x.Length; at += Width)
        {
            var row = x.Slice(at, Width);
            Simd.Scale(row, 1 / MathF.Sqrt(Simd.Dot(row, row) / Width + Epsilon), normed.Slice(at, Width));
        }
    }

    /// <summary>Weights as (inputs, outputs).</summary>
    sealed record Layer(float[] Query, float[] Key, float[] Value, float[] Output, float[] Up, float[] Down);
}
