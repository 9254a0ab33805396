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
    internal void Merge(ReadOnlySpan<float> w, Span<float> merged) => Product.Add(_a.Span, _b.Span, w, Scale, merged, Inputs, Rank, Outputs);

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

/// <summary>The adapters of one fine-tuned model, by the layer that each of them changes.</summary>
public sealed class LoraInference
{
    readonly Dictionary<string, LoraAdapter> _adapters = [];
    Scratch<float> _hidden = new();
    Scratch<float> _delta = new();
    double _norms;

    public int Parameters => _adapters.Values.Sum(adapter => adapter.Parameters);
    public long Applications { get; private set; }

    /// <summary>Mean Frobenius norm of what was added: how far the adapters lead away from the base.</summary>
    public double MeanDeltaNorm => Applications == 0 ? 0 : _norms / Applications;

    public void Add(string layer, LoraAdapter adapter)
    {
        if (!_adapters.TryAdd(layer, adapter))
            throw ServingErrors.Taken("adapter of layer", layer);
    }

    /// <summary>y = output + x·A·B·alpha/rank; a layer without an adapter keeps its output.</summary>
    /// <param name="x">(rows, inputs): what went into the layer.</param>
    /// <param name="output">(rows, outputs): what came out of it.</param>
    /// <param name="y">(rows, outputs); may be the output itself.</param>
    public void Apply(string layer, ReadOnlySpan<float> x, ReadOnlySpan<float> output, Span<float> y)
    {
        Guard.Length(y.Length, output.Length, "y");
        if (!_adapters.TryGetValue(layer, out var adapter))
        {
            output.CopyTo(y);
            return;
        }
        var rows = Guard.Rows(x, adapter.Inputs, "x");
        Guard.Length(output.Length, rows * adapter.Outputs, "the output of the layer");
        Guard.Finite(x, "x");
        var delta = _delta.Take(output.Length);
        delta.Clear();
        adapter.AddDelta(x, rows, 1, _hidden.Take(rows * adapter.Rank), delta);
        TensorPrimitives.Add(output, delta, y);
        Applications++;
        _norms += MathF.Sqrt(Simd.Dot(delta, delta));
    }

    /// <summary>merged = w + A·B·alpha/rank: from then on the change costs nothing, and cannot be taken off any more.</summary>
    /// <param name="w">(inputs, outputs), as merged, which may be the same.</param>
    public void Merge(string layer, ReadOnlySpan<float> w, Span<float> merged)
    {
        var adapter = Of(layer);
        Guard.Length(w.Length, adapter.Inputs * adapter.Outputs, "the weights of the layer");
        Guard.Length(merged.Length, w.Length, "the merged weights");
        adapter.Merge(w, merged);
    }

    /// <summary>All weights with each adapter merged into a copy of its own; a layer without weights gets the change alone.</summary>
    public Dictionary<string, float[]> Merge(IReadOnlyDictionary<string, float[]> weights)
    {
        foreach (var (layer, adapter) in _adapters.Where(pair => weights.ContainsKey(pair.Key)))
            Guard.Length(weights[layer].Length, adapter.Inputs * adapter.Outputs, $"the weights of layer '{layer}'");
        var merged = weights.ToDictionary();
        foreach (var (layer, adapter) in _adapters)
        {
            var room = new float[adapter.Inputs * adapter.Outputs];
            adapter.Merge(weights.GetValueOrDefault(layer) ?? room, room);
            merged[layer] = room;
        }
        return merged;
    }

    LoraAdapter Of(string layer) => _adapters.TryGetValue(layer, out var adapter)
        ? adapter
        : throw ServingErrors.UnknownId("layer", layer, "one with an adapter");
}

/// <summary>How much of an adapter.</summary>
public readonly record struct AdapterWeight(string Id, float Weight);

/// <summary>Several adapters of one layer at once: Σ wᵢ · x·Aᵢ·Bᵢ·sᵢ (Huang et al. 2023).</summary>
public sealed class LoraComposer(int inputs, int outputs)
{
    readonly Dictionary<string, LoraAdapter> _adapters = [];
    Scratch<float> _hidden = new();

    public int Count => _adapters.Count;

    public void Add(string id, LoraAdapter adapter)
    {
        Guard.Length(adapter.Inputs, inputs, "the inputs of an adapter");
        Guard.Length(adapter.Outputs, outputs, "the outputs of an adapter");
        if (!_adapters.TryAdd(id, adapter))
            throw ServingErrors.Taken("adapter", id);
    }

    public void Remove(string id)
    {
        if (!_adapters.Remove(id))
            throw Unknown(id);
    }

    /// <summary>Every adapter with the weight 1/N; zeros without any.</summary>
    /// <param name="x">(rows, inputs)</param>
    /// <param name="y">(rows, outputs)</param>
    public void Forward(ReadOnlySpan<float> x, Span<float> y)
    {
        var rows = Prepare(x, y);
        foreach (var adapter in _adapters.Values)
            AddDelta(adapter, x, rows, 1f / Count, y);
    }

    /// <param name="x">(rows, inputs)</param>
    /// <param name="weights">Need not sum to 1. An adapter that is not named takes no part.</param>
    /// <param name="y">(rows, outputs)</param>
    public void Forward(ReadOnlySpan<float> x, ReadOnlySpan<AdapterWeight> weights, Span<float> y)
    {
        foreach (var (id, weight) in weights)
        {
            if (!_adapters.ContainsKey(id))
                throw Unknown(id);
            if (!float.IsFinite(weight))
                throw ServingErrors.OutOfRange($"a weight of adapter '{id}' of", weight, "a finite number");
        }
        var rows = Prepare(x, y);
        foreach (var (id, weight) in weights)
            AddDelta(_adapters[id], x, rows, weight, y);
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
        adapter.AddDelta(x, rows, weight, _hidden.Take(rows * adapter.Rank), y);

    static ServingException Unknown(string id) => ServingErrors.UnknownId("adapter", id, "one that was added");
}
