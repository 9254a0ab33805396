namespace MlPerfEdu.Serving.Lora;

/// <summary>A change of low rank to a linear layer: x·A·B·alpha/rank is added to x·W (Hu et al. 2021).</summary>
public sealed class LoraAdapter
{
    readonly AlignedBuffer<float> a;
    readonly AlignedBuffer<float> b;

    // a (inputs, rank); b (rank, outputs)
    public LoraAdapter(int inputs, int rank, int outputs, float alpha, ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        (Inputs, Rank, Outputs) = (Guard.Positive(inputs, "inputs"), Guard.Positive(rank, "rank"), Guard.Positive(outputs, "outputs"));
        Guard.Range(float.IsFinite(alpha), "alpha", alpha, "a finite number");
        Guard.Finite(a, inputs * rank, "A");
        Guard.Finite(b, rank * outputs, "B");
        Scale = alpha / rank;
        (this.a, this.b) = (new(a), new(b));
    }

    public int Inputs { get; }
    public int Rank { get; }
    public int Outputs { get; }
    public float Scale { get; }
    public int Parameters => a.Length + b.Length;

    /// <summary>y += weight · x·A·B · alpha/rank, through the few columns in the middle: never all inputs by all outputs.</summary>
    // x (rows, inputs); hidden: scratch of (rows, rank); y (rows, outputs)
    internal void AddDelta(ReadOnlySpan<float> x, int rows, float weight, Span<float> hidden, Span<float> y)
    {
        Product.Into(x, a.Span, hidden, rows, Inputs, Rank);
        Product.Add(hidden, b.Span, y, Scale * weight, y, rows, Rank, Outputs);
    }

    /// <summary>merged = w + A·B · alpha/rank</summary>
    /// <param name="w">(inputs, outputs)</param>
    internal void Merge(ReadOnlySpan<float> w, Span<float> merged) => Product.Add(a.Span, b.Span, w, Scale, merged, Inputs, Rank, Outputs);

    /// <summary>x·A·B · alpha/rank by the definition; the oracle of the others.</summary>
    internal float[] PlainDelta(ReadOnlySpan<float> x, float scale)
    {
        var rows = x.Length / Inputs;
        var (hidden, delta) = (new float[rows * Rank], new float[rows * Outputs]);
        Product.Plain(x, a.Span, hidden, rows, Inputs, Rank);
        Product.Plain(hidden, b.Span, delta, rows, Rank, Outputs);
        return [.. delta.Select(value => scale * value)];
    }

    internal static LoraAdapter Random(RandomData random, int inputs, int rank, int outputs) =>
        new(inputs, rank, outputs, 2 * rank, random.Normals(inputs * rank), random.Normals(rank * outputs));
}

/// <summary>The adapters of one fine-tuned model, by the layer that each of them changes.</summary>
public sealed class LoraInference
{
    readonly Dictionary<string, LoraAdapter> adapters = [];
    Scratch<float> hidden = new();
    Scratch<float> delta = new();
    double norms;

    public int Parameters => adapters.Values.Sum(adapter => adapter.Parameters);
    public long Applications { get; private set; }
    /// <summary>Mean Frobenius norm of the changes: how far the adapters lead away from the base.</summary>
    public double MeanDeltaNorm => Applications == 0 ? 0 : norms / Applications;

    public void Add(string layer, LoraAdapter adapter)
    {
        if (!adapters.TryAdd(layer, adapter))
            throw KernelErrors.Taken("adapter of layer", layer);
    }

    /// <summary>y = output + x·A·B·alpha/rank; a layer without an adapter keeps its output.</summary>
    // x (rows, inputs): what went into the layer; output (rows, outputs): what came out of it; y (rows, outputs), may be the output itself
    public void Apply(string layer, ReadOnlySpan<float> x, ReadOnlySpan<float> output, Span<float> y)
    {
        Guard.Length(y.Length, output.Length, "y");
        if (!adapters.TryGetValue(layer, out var adapter))
        {
            output.CopyTo(y);
            return;
        }
        var rows = Guard.Rows(x, adapter.Inputs, "x");
        Guard.Length(output.Length, rows * adapter.Outputs, "the output of the layer");
        Guard.Finite(x, "x");
        var delta = this.delta.Take(output.Length);
        delta.Clear();
        adapter.AddDelta(x, rows, 1, hidden.Take(rows * adapter.Rank), delta);
        TensorPrimitives.Add(output, delta, y);
        Applications++;
        norms += MathF.Sqrt(Simd.Dot(delta, delta));
    }

    /// <summary>merged = w + A·B·alpha/rank: the change costs nothing any more, and cannot be removed.</summary>
    /// <param name="w">(inputs, outputs), as merged, which may be the same.</param>
    public void Merge(string layer, ReadOnlySpan<float> w, Span<float> merged)
    {
        if (!adapters.TryGetValue(layer, out var adapter))
            throw KernelErrors.UnknownId("layer", layer, "one with an adapter");
        Guard.Length(w.Length, adapter.Inputs * adapter.Outputs, "the weights of the layer");
        Guard.Length(merged.Length, w.Length, "the merged weights");
        adapter.Merge(w, merged);
    }

    /// <summary>Copies of all weights with the adapters merged; a layer without weights gets the change alone.</summary>
    public Dictionary<string, float[]> Merge(IReadOnlyDictionary<string, float[]> weights)
    {
        foreach (var (layer, adapter) in adapters.Where(pair => weights.ContainsKey(pair.Key)))
            Guard.Length(weights[layer].Length, adapter.Inputs * adapter.Outputs, $"the weights of layer '{layer}'");
        var merged = weights.ToDictionary();
        foreach (var (layer, adapter) in adapters)
        {
            var output = merged[layer] = new float[adapter.Inputs * adapter.Outputs];
            adapter.Merge(weights.GetValueOrDefault(layer) ?? output, output);
        }
        return merged;
    }
}

public readonly record struct AdapterWeight(string Id, float Weight);

/// <summary>Several adapters of one layer at once: Σ wᵢ · x·Aᵢ·Bᵢ·sᵢ (Huang et al. 2023).</summary>
public sealed class LoraComposer(int inputs, int outputs)
{
    readonly Dictionary<string, LoraAdapter> adapters = [];
    Scratch<float> hidden = new();

    public int Count => adapters.Count;

    public void Add(string id, LoraAdapter adapter)
    {
        Guard.Length(adapter.Inputs, inputs, "the inputs of an adapter");
        Guard.Length(adapter.Outputs, outputs, "the outputs of an adapter");
        if (!adapters.TryAdd(id, adapter))
            throw KernelErrors.Taken("adapter", id);
    }

    public void Remove(string id)
    {
        if (!adapters.Remove(id))
            throw Unknown(id);
    }

    /// <summary>Every adapter with the weight 1/N; zeros without adapters.</summary>
    // x (rows, inputs); y (rows, outputs)
    public void Forward(ReadOnlySpan<float> x, Span<float> y)
    {
        var rows = Prepare(x, y);
        foreach (var adapter in adapters.Values)
            AddDelta(adapter, x, rows, 1f / Count, y);
    }

    // weights need not sum to 1; other adapters take no part
    public void Forward(ReadOnlySpan<float> x, ReadOnlySpan<AdapterWeight> weights, Span<float> y)
    {
        foreach (var (id, weight) in weights)
        {
            if (!adapters.ContainsKey(id))
                throw Unknown(id);
            if (!float.IsFinite(weight))
                throw KernelErrors.OutOfRange($"a weight of adapter '{id}' of", weight, "a finite number");
        }
        var rows = Prepare(x, y);
        foreach (var (id, weight) in weights)
            AddDelta(adapters[id], x, rows, weight, y);
    }

    int Prepare(ReadOnlySpan<float> x, Span<float> y)
    {
        var rows = Guard.Rows(x, inputs, "x");
        Guard.Length(y.Length, rows * outputs, "y");
        Guard.Finite(x, "x");
        y.Clear();
        return rows;
    }

    void AddDelta(LoraAdapter adapter, ReadOnlySpan<float> x, int rows, float weight, Span<float> y) =>
        adapter.AddDelta(x, rows, weight, hidden.Take(rows * adapter.Rank), y);

    static KernelException Unknown(string id) => KernelErrors.UnknownId("adapter", id, "one that was added");
}

[Kernels("lora-inference")]
public sealed class LoraInferenceKernels : IKernels
{
    const int Width = 256;
    const int Rank = 16;

    public IEnumerable<Kernel> Kernels()
    {
        const int rows = 8;
        var random = new RandomData(42);
        var lora = new LoraInference();
        lora.Add("q_proj", LoraAdapter.Random(random, Width, Rank, Width));
        var (x, output, y) = (random.Normals(rows * Width), random.Normals(rows * Width), new float[rows * Width]);
        yield return new("apply", () => lora.Apply("q_proj", x, output, y))
            { Flops = 4.0 * rows * Width * Rank, Bytes = sizeof(float) * (2.0 * Rank * Width + 3 * rows * Width) };
        var w = new AlignedBuffer<float>(random.Normals(Width * Width));
        var merged = new AlignedBuffer<float>(Width * Width);
        yield return new("merge", () => lora.Merge("q_proj", w.Span, merged.Span))
            { Flops = 2.0 * Width * Width * Rank, Bytes = sizeof(float) * 2.0 * (Width * Width + Rank * Width) };
    }
}

[Kernels("lora-composer")]
public sealed class LoraComposerKernels : IKernels
{
    const int Width = 256;
    const int Rank = 16;

    public IEnumerable<Kernel> Kernels()
    {
        const int rows = 8;
        var random = new RandomData(42);
        var composer = new LoraComposer(Width, Width);
        AdapterWeight[] weights = [new("law", 0.5f), new("code", 0.3f), new("poems", 0.2f)];
        foreach (var (id, _) in weights)
            composer.Add(id, LoraAdapter.Random(random, Width, Rank, Width));
        var (x, y) = (random.Normals(rows * Width), new float[rows * Width]);
        yield return Of("forward-weighted", () => composer.Forward(x, weights, y));
        yield return Of("forward-equal", () => composer.Forward(x, y));

        Kernel Of(string operation, Action call) => new(operation, call)
            { Flops = weights.Length * 4.0 * rows * Width * Rank, Bytes = sizeof(float) * (weights.Length * 2.0 * Rank * Width + 2 * rows * Width) };
    }
}
