using MlPerfEdu.Serving.Attention;
using MlPerfEdu.Serving.Numerics;
using MlPerfEdu.Serving.Rope;

namespace MlPerfEdu.Serving.Loop;

/// <summary>
/// A decoder of a language model with random weights: RMS norms, rotary positions, grouped queries, a tied head. Small enough to
/// compute every step from nothing, which is what the serving loop is held against.
/// </summary>
sealed class TinyModel
{
    const int Width = 32;
    const int Hidden = 64;
    const float Epsilon = 1e-5f;

    readonly float[] _embedding;
    readonly Layer[] _layers;
    readonly RotaryEmbedding _rope;

    TinyModel(float[] embedding, Layer[] layers)
    {
        (_embedding, _layers) = (embedding, layers);
        _rope = new(RopeScaling.None(Shape.Dim, 10000));
    }

    public AttentionShape Shape { get; } = new(heads: 4, kvHeads: 2, dim: 8);

    public int Layers => _layers.Length;

    public int Vocabulary => _embedding.Length / Width;

    public static TinyModel Random(int vocabulary, int layers, int seed)
    {
        var random = new RandomData(seed);
        return new(Matrix(vocabulary, Width, 1), [.. Enumerable.Range(0, layers).Select(_ => new Layer(
            Matrix(32, Width, 0.4f), Matrix(16, Width, 0.4f), Matrix(16, Width, 0.4f), Matrix(Width, 32, 0.4f),
            Matrix(Hidden, Width, 0.4f), Matrix(Width, Hidden, 0.4f)))]);

        float[] Matrix(int rows, int columns, float scale)
        {
            var weights = random.Normals(rows * columns);
            Simd.Scale(weights, scale);
            return weights;
        }
    }

    /// <summary>The same but for its last layers: often of the same opinion, and cheaper. What a draft is trained to be.</summary>
    public TinyModel WithFewerLayers(int layers) => new(_embedding, _layers[..layers]);

    /// <summary>Attention of the newest token in a layer, to which its key and value are given first.</summary>
    public delegate void Attention(
        int layer, ReadOnlySpan<float> query, ReadOnlySpan<float> key, ReadOnlySpan<float> value, Span<float> output);

    /// <summary>One token through all layers.</summary>
    /// <param name="logits">(vocabulary)</param>
    public void Forward(int token, int position, Attention attention, Span<float> logits)
    {
        Span<float> x = stackalloc float[Width];
        Span<float> normed = stackalloc float[Width];
        Span<float> query = stackalloc float[Shape.QuerySize];
        Span<float> key = stackalloc float[Shape.TokenSize];
        Span<float> value = stackalloc float[Shape.TokenSize];
        Span<float> mixed = stackalloc float[Shape.QuerySize];
        Span<float> hidden = stackalloc float[Hidden];
        _embedding.AsSpan(token * Width, Width).CopyTo(x);
        for (var number = 0; number < Layers; number++)
        {
            var layer = _layers[number];
            Norm(x, normed);
            Multiply(layer.Query, normed, query);
            Multiply(layer.Key, normed, key);
            Multiply(layer.Value, normed, value);
            _rope.Apply(query, Shape.Heads, position, query);
            _rope.Apply(key, Shape.KvHeads, position, key);
            attention(number, query, key, value, mixed);
            AddProduct(layer.Output, mixed, x);
            Norm(x, normed);
            Multiply(layer.Up, normed, hidden);
            foreach (ref var unit in hidden)
                unit = MathF.Max(unit, 0);
            AddProduct(layer.Down, hidden, x);
        }
        Norm(x, normed);
        Multiply(_embedding, normed, logits);
    }

    /// <summary>What follows a text, computed from its first token on without any cache.</summary>
    public float[] Logits(IReadOnlyList<int> tokens)
    {
        var (keys, values) = (History(), History());
        var logits = new float[Vocabulary];
        for (var position = 0; position < tokens.Count; position++)
            Forward(tokens[position], position, Dense, logits);
        return logits;

        List<float[]>[] History() => [.. Enumerable.Range(0, Layers).Select(_ => new List<float[]>())];

        void Dense(int layer, ReadOnlySpan<float> query, ReadOnlySpan<float> key, ReadOnlySpan<float> value, Span<float> output)
        {
            keys[layer].Add(key.ToArray());
            values[layer].Add(value.ToArray());
            DenseAttention.Attend(query, ByHead(keys[layer]), ByHead(values[layer]), output,
                Shape.Heads, Shape.KvHeads, Shape.Dim, Shape.Scale);
        }

        // (tokens, kv heads, dim) to (kv heads, tokens, dim)
        float[] ByHead(List<float[]> history) => [.. Enumerable.Range(0, Shape.KvHeads)
            .SelectMany(head => history.SelectMany(token => token.Skip(head * Shape.Dim).Take(Shape.Dim)))];
    }

    static void Norm(ReadOnlySpan<float> x, Span<float> normed)
    {
        x.CopyTo(normed);
        Simd.Scale(normed, 1 / MathF.Sqrt(Simd.Dot(x, x) / x.Length + Epsilon));
    }

    // (rows, columns) · (columns)
    static void Multiply(float[] matrix, ReadOnlySpan<float> x, Span<float> product)
    {
        for (var row = 0; row < product.Length; row++)
            product[row] = Simd.Dot(matrix.AsSpan(row * x.Length, x.Length), x);
    }

    static void AddProduct(float[] matrix, ReadOnlySpan<float> x, Span<float> sum)
    {
        for (var row = 0; row < sum.Length; row++)
            sum[row] += Simd.Dot(matrix.AsSpan(row * x.Length, x.Length), x);
    }

    /// <summary>Weights as (outputs, inputs).</summary>
    sealed record Layer(float[] Query, float[] Key, float[] Value, float[] Output, float[] Up, float[] Down);
}
