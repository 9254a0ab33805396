using System.Numerics.Tensors;
using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Lora;

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
        var rows = Rows.Count(x, adapter.Inputs, "x");
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
