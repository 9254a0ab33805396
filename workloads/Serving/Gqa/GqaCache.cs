using MlPerfEdu.Serving.Attention;
using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Gqa;

/// <summary>Keys and values of one sequence in two buffers (kv heads, capacity, dim), and attention of a query over all of them.</summary>
public sealed class GqaCache
{
    readonly AlignedBuffer<float> _keys;
    readonly AlignedBuffer<float> _values;

    public GqaCache(AttentionShape shape, int capacity)
    {
        Shape = shape;
        Capacity = Guard.Positive(capacity, "capacity");
        _keys = new(shape.TokenSize * capacity);
        _values = new(shape.TokenSize * capacity);
    }

    public AttentionShape Shape { get; }

    public int Capacity { get; }

    public int Length { get; private set; }

    /// <summary>What the cache takes, as a part of what one with a kv head per query head would.</summary>
    public double MemoryRatio => (double)Shape.KvHeads / Shape.Heads;

    public ReadOnlySpan<float> Keys(int kvHead) => _keys.AsSpan(Start(kvHead), Length * Shape.Dim);

    public ReadOnlySpan<float> Values(int kvHead) => _values.AsSpan(Start(kvHead), Length * Shape.Dim);

    /// <param name="key">(kv heads, dim)</param>
    /// <param name="value">(kv heads, dim)</param>
    public void Append(ReadOnlySpan<float> key, ReadOnlySpan<float> value)
    {
        Guard.Length(key.Length, Shape.TokenSize, "keys of a token");
        Guard.Length(value.Length, Shape.TokenSize, "values of a token");
        if (Length == Capacity)
            throw ServingErrors.OutOfRoom("tokens of the cache", 1, 0);
        Guard.Finite(key, "keys of a token");
        Guard.Finite(value, "values of a token");
        var dim = Shape.Dim;
        for (var head = 0; head < Shape.KvHeads; head++)
        {
            var at = Start(head) + Length * dim;
            key.Slice(head * dim, dim).CopyTo(_keys.AsSpan(at));
            value.Slice(head * dim, dim).CopyTo(_values.AsSpan(at));
        }
        Length++;
    }

    /// <summary>Forgets the last tokens.</summary>
    public void Truncate(int length) => Length = length >= 0 && length <= Length
        ? length : throw ServingErrors.OutOfRange("length", length, $"0 to {Length}");

    /// <param name="query">(heads, dim)</param>
    /// <param name="output">(heads, dim)</param>
    public void Attend(ReadOnlySpan<float> query, Span<float> output) =>
        GroupedAttention.Attend(Shape, query, _keys.Span, _values.Span, Length, output);

    int Start(int kvHead) => kvHead * Capacity * Shape.Dim;
}
