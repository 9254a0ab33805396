using System.Runtime.InteropServices;
using MlPerfEdu.Serving.Numerics;
using MlPerfEdu.Serving.PagedKv;

namespace MlPerfEdu.Serving.Loop;

/// <summary>A model with the keys and values of many sequences, one paged cache per layer.</summary>
sealed class CachedModel
{
    readonly TinyModel _model;
    readonly PagedKvCache[] _layers;
    readonly TinyModel.Attention _attention;
    readonly List<long> _sequences = [];
    readonly List<int> _tokens = [];
    readonly List<int> _positions = [];
    Scratch<float> _logits = new();

    public CachedModel(TinyModel model, int blockTokens, int blocks)
    {
        _model = model;
        _layers = [.. Enumerable.Range(0, model.Layers).Select(_ => new PagedKvCache(model.Shape, blockTokens, blocks))];
        _attention = Attend;
    }

    /// <summary>How often the model has run, for however many tokens.</summary>
    public int Passes { get; private set; }

    public int BlockTokens => _layers[0].BlockTokens;

    public int UsedBlocks => _layers.Sum(layer => layer.Blocks.Used);

    public int Length(long sequence) => _layers[^1].Length(sequence);

    public void Add(long sequence) => Each(layer => layer.Add(sequence));

    public void Fork(long from, long sequence) => Each(layer => layer.Fork(from, sequence));

    /// <summary>Room for so many more tokens, which then cannot fail for want of it.</summary>
    public void Reserve(long sequence, int tokens) => Each(layer => layer.Reserve(sequence, tokens));

    public void Truncate(long sequence, int length) => Each(layer => layer.Truncate(sequence, length));

    public void Free(long sequence) => Each(layer => layer.Free(sequence));

    /// <summary>Puts tokens of any sequences behind what these have, in one pass through the model.</summary>
    /// <param name="next">Those of one sequence lie together, in its order.</param>
    /// <returns>What follows each of them, until the next call.</returns>
    public Logits Append(IReadOnlyList<NextToken> next)
    {
        var logits = _logits.Take(next.Count * _model.Vocabulary);
        Forward(next, logits);
        return new(logits, _model.Vocabulary);
    }

    /// <summary>The same where nobody asks what follows.</summary>
    public void Remember(IReadOnlyList<NextToken> next) => Forward(next, []);

    void Forward(IReadOnlyList<NextToken> next, Span<float> logits)
    {
        _sequences.Clear();
        _tokens.Clear();
        _positions.Clear();
        foreach (var (sequence, token) in next)
        {
            _positions.Add(_sequences.Count > 0 && _sequences[^1] == sequence ? _positions[^1] + 1 : Length(sequence));
            _sequences.Add(sequence);
            _tokens.Add(token);
        }
        Passes++;
        _model.Forward(CollectionsMarshal.AsSpan(_tokens), CollectionsMarshal.AsSpan(_positions), _attention, logits);
    }

    void Attend(int layer, int row, ReadOnlySpan<float> query, ReadOnlySpan<float> key, ReadOnlySpan<float> value, Span<float> output)
    {
        _layers[layer].Append(_sequences[row], key, value);
        _layers[layer].Attend(_sequences[row], query, output);
    }

    void Each(Action<PagedKvCache> action)
    {
        foreach (var layer in _layers)
            action(layer);
    }
}
