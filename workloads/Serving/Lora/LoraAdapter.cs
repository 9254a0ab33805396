using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Lora;

/// <summary>A change of low rank to a linear layer: x·A·B·alpha/rank is added to x·W (Hu et al. 2021).</summary>
public sealed class LoraAdapter
{
    readonly AlignedBuffer<float> _a;
    readonly AlignedBuffer<float> _b;

    /// <param name="a">(inputs, rank)</param>
    /// <param name="b">(rank, outputs)</param>
    public LoraAdapter(int inputs, int rank, int outputs, float alpha, ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Inputs = Guard.Positive(inputs, "inputs");
        Rank = Guard.Positive(rank, "rank");
        Outputs = Guard.Positive(outputs, "outputs");
        if (!float.IsFinite(alpha))
            throw ServingErrors.OutOfRange("alpha", alpha, "a finite number");
        Guard.Length(a.Length, inputs * rank, "A");
        Guard.Length(b.Length, rank * outputs, "B");
        Guard.Finite(a, "A");
        Guard.Finite(b, "B");
        Scale = alpha / rank;
        (_a, _b) = (new(a), new(b));
    }

    public int Inputs { get; }

    public int Rank { get; }

    public int Outputs { get; }

    public float Scale { get; }

    public int Parameters => _a.Length + _b.Length;

    /// <summary>y += weight · x·A·B · alpha/rank, through the few columns in the middle: never all inputs by all outputs.</summary>
    /// <param name="x">(rows, inputs)</param>
    /// <param name="hidden">Room for (rows, rank).</param>
    /// <param name="y">(rows, outputs)</param>
    internal void AddDelta(ReadOnlySpan<float> x, int rows, float weight, Span<float> hidden, Span<float> y)
    {
        Product.Into(x, _a.Span, hidden, rows, Inputs, Rank);
        Product.Add(hidden, _b.Span, y, Scale * weight, y, rows, Rank, Outputs);
    }

    /// <summary>merged = w + A·B · alpha/rank</summary>
    /// <param name="w">(inputs, outputs)</param>
    internal void Merge(ReadOnlySpan<float> w, Span<float> merged) =>
        Product.Add(_a.Span, _b.Span, w, Scale, merged, Inputs, Rank, Outputs);

    /// <summary>x·A·B · alpha/rank by the definition; the oracle of the others.</summary>
    internal float[] PlainDelta(ReadOnlySpan<float> x, float scale)
    {
        var rows = x.Length / Inputs;
        var (hidden, delta) = (new float[rows * Rank], new float[rows * Outputs]);
        Product.Plain(x, _a.Span, hidden, rows, Inputs, Rank);
        Product.Plain(hidden, _b.Span, delta, rows, Rank, Outputs);
        return [.. delta.Select(value => scale * value)];
    }

    /// <summary>With an alpha of twice the rank.</summary>
    internal static LoraAdapter Random(RandomData random, int inputs, int rank, int outputs) =>
        new(inputs, rank, outputs, 2 * rank, random.Normals(inputs * rank), random.Normals(rank * outputs));
}
