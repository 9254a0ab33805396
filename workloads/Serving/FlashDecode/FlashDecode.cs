using System.Runtime.InteropServices;
using MlPerfEdu.Serving.Attention;

namespace MlPerfEdu.Serving.FlashDecode;

/// <summary>
/// Attention of one query over keys that are split into chunks, each attended to alone, then merged (Dao et al. 2023, Flash-Decoding).
/// </summary>
/// <remarks>
/// The chunks need nothing of one another, which is what gives a long context to many workers; here one thread takes them in turn.
/// </remarks>
public sealed class FlashDecoder
{
    readonly AttentionShape _shape;
    readonly OnlineSoftmax[] _partial;
    readonly float[] _mixed;

    public FlashDecoder(AttentionShape shape, int splits)
    {
        _shape = shape;
        Splits = Guard.Positive(splits, "splits");
        _partial = new OnlineSoftmax[splits];
        _mixed = new float[splits * shape.Dim];
    }

    public int Splits { get; }

    /// <param name="query">(heads, dim)</param>
    /// <param name="keys">(kv heads, length, dim)</param>
    /// <param name="values">(kv heads, length, dim)</param>
    /// <param name="output">(heads, dim)</param>
    public void Attend(ReadOnlySpan<float> query, ReadOnlySpan<float> keys, ReadOnlySpan<float> values, Span<float> output)
    {
        var length = Check(query, keys, values, output);
        var dim = _shape.Dim;
        var splits = Math.Min(Splits, length);
        var chunk = (length + splits - 1) / splits;
        for (var head = 0; head < _shape.Heads; head++)
        {
            var from = head / _shape.Group * length * dim;
            AttendToChunks(query[(head * dim)..], keys.Slice(from, length * dim), values.Slice(from, length * dim), chunk);
            Merge((length + chunk - 1) / chunk, output.Slice(head * dim, dim));
        }
    }

    void AttendToChunks(ReadOnlySpan<float> query, ReadOnlySpan<float> keys, ReadOnlySpan<float> values, int chunk)
    {
        var dim = _shape.Dim;
        _mixed.AsSpan().Clear();
        for (int split = 0, at = 0; at < keys.Length; split++, at += chunk * dim)
        {
            var softmax = new OnlineSoftmax();
            softmax.Add(ref MemoryMarshal.GetReference(query), ref MemoryMarshal.GetReference(keys[at..]),
                ref MemoryMarshal.GetReference(values[at..]), ref _mixed[split * dim],
                    Math.Min(chunk, (keys.Length - at) / dim), dim, _shape.Scale);
            _partial[split] = softmax;
        }
    }

    void Merge(int count, Span<float> output)
    {
        var dim = _shape.Dim;
        _mixed.AsSpan(0, dim).CopyTo(output);
        var all = _partial[0];
        for (var split = 1; split < count; split++)
            all.Merge(_partial[split], ref _mixed[split * dim], ref MemoryMarshal.GetReference(output), dim);
        all.Finish(output);
    }

    int Check(ReadOnlySpan<float> query, ReadOnlySpan<float> keys, ReadOnlySpan<float> values, Span<float> output)
    {
        Guard.Length(query.Length, _shape.QuerySize, "a query");
        Guard.Length(output.Length, _shape.QuerySize, "the output");
        Guard.NotEmpty(keys.Length, "keys");
        if (keys.Length % _shape.TokenSize != 0)
            throw ServingErrors.Shape("keys", $"{keys.Length} values", $"a multiple of the {_shape.TokenSize} of a token");
        Guard.Length(values.Length, keys.Length, "values");
        Guard.Finite(query, "a query");
        return keys.Length / _shape.TokenSize;
    }
}
