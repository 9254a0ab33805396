using MlPerfEdu.Serving.PagedKv;

namespace MlPerfEdu.Serving.Loop;

/// <summary>A model with the keys and values of many sequences, one paged cache per layer.</summary>
sealed class CachedModel
{
    readonly TinyModel _model;
    readonly PagedKvCache[] _layers;
    readonly float[] _logits;
    readonly TinyModel.Attention _attention;
    long _sequence;

    public CachedModel(TinyModel model, int blockTokens, int blocks)
    {
        _model = model;
        _layers = [.. Enumerable.Range(0, model.Layers).Select(_ => new PagedKvCache(model.Shape, blockTokens, blocks))];
        _logits = new float[model.Vocabulary];
        _attention = Attend;
    }

    public int UsedBlocks => _layers.Sum(layer => layer.Blocks.Used);

    public int Length(long sequence) => _layers[^1].Length(sequence);

    public void Add(long sequence) => Each(layer => layer.Add(sequence));

    public void Fork(long from, long sequence) => Each(layer => layer.Fork(from, sequence));

    public void Truncate(long sequence, int length) => Each(layer => layer.Truncate(sequence, length));

    public void Free(long sequence) => Each(layer => layer.Free(sequence));

    /// <summary>One token more.</summary>
    /// <returns>(vocabulary), until the next call</returns>
    public ReadOnlySpan<float> Append(long sequence, int token)
    {
        _sequence = sequence;
        _model.Forward(token, Length(sequence), _attention, _logits);
        return _logits;
    }

    void Attend(int layer, ReadOnlySpan<float> query, ReadOnlySpan<float> key, ReadOnlySpan<float> value, Span<float> output)
    {
        _layers[layer].Append(_sequence, key, value);
        _layers[layer].Attend(_sequence, query, output);
    }

    void Each(Action<PagedKvCache> action)
    {
        foreach (var layer in _layers)
            action(layer);
    }
}
