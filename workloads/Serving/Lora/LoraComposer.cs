using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Lora;

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
        var rows = Rows.Count(x, inputs, "x");
        Guard.Length(y.Length, rows * outputs, "y");
        Guard.Finite(x, "x");
        y.Clear();
        return rows;
    }

    void AddDelta(LoraAdapter adapter, ReadOnlySpan<float> x, int rows, float weight, Span<float> y) =>
        adapter.AddDelta(x, rows, weight, _hidden.Take(rows * adapter.Rank), y);

    static ServingException Unknown(string id) => ServingErrors.UnknownId("adapter", id, "one that was added");
}
