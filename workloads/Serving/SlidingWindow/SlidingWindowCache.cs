using MlPerfEdu.Serving.Attention;
using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.SlidingWindow;

/// <summary>The last tokens of a sequence in a ring (kv heads, window, dim): the newest takes the place of the oldest.</summary>
/// <remarks>
/// Attention does not care about the order of the keys, so it reads the ring as it lies; only a reader who asks gets it in order of time.
/// </remarks>
public sealed class SlidingWindowCache
{
    readonly AlignedBuffer<float> _keys;
    readonly AlignedBuffer<float> _values;
    int _next;

    public SlidingWindowCache(AttentionShape shape, int window)
    {
        Shape = shape;
        Window = Guard.Positive(window, "window");
        _keys = new(shape.TokenSize * window);
        _values = new(shape.TokenSize * window);
    }

    public AttentionShape Shape { get; }

    public int Window { get; }

    /// <summary>Tokens appended, those that left among them.</summary>
    public long Length { get; private set; }

    public int Used => (int)Math.Min(Length, Window);

    public long Evicted => Length - Used;

    /// <param name="key">(kv heads, dim)</param>
    /// <param name="value">(kv heads, dim)</param>
    public void Append(ReadOnlySpan<float> key, ReadOnlySpan<float> value)
    {
        Guard.Length(key.Length, Shape.TokenSize, "keys of a token");
        Guard.Length(value.Length, Shape.TokenSize, "values of a token");
        Guard.Finite(key, "keys of a token");
        Guard.Finite(value, "values of a token");
        var dim = Shape.Dim;
        for (var head = 0; head < Shape.KvHeads; head++)
        {
            var at = (head * Window + _next) * dim;
            key.Slice(head * dim, dim).CopyTo(_keys.AsSpan(at));
            value.Slice(head * dim, dim).CopyTo(_values.AsSpan(at));
        }
        _next = _next + 1 == Window ? 0 : _next + 1;
        Length++;
    }

    /// <summary>Attention over the tokens in the window.</summary>
    /// <param name="query">(heads, dim)</param>
    /// <param name="output">(heads, dim)</param>
    public void Attend(ReadOnlySpan<float> query, Span<float> output) =>
        GroupedAttention.Attend(Shape, query, _keys.Span, _values.Span, Used, output);

    /// <summary>Keys of a kv head, oldest first: (used, dim).</summary>
    public void CopyKeys(int kvHead, Span<float> output) => CopyInOrder(_keys, kvHead, output);

    /// <summary>Values of a kv head, oldest first: (used, dim).</summary>
    public void CopyValues(int kvHead, Span<float> output) => CopyInOrder(_values, kvHead, output);

    void CopyInOrder(AlignedBuffer<float> ring, int kvHead, Span<float> output)
    {
        if (kvHead < 0 || kvHead >= Shape.KvHeads)
            throw ServingErrors.OutOfRange("kv head", kvHead, $"0 to {Shape.KvHeads - 1}");
        Guard.Length(output.Length, Used * Shape.Dim, "the output");
        var whole = ring.AsSpan(kvHead * Window * Shape.Dim, Used * Shape.Dim);
        var oldest = (Length > Window ? _next : 0) * Shape.Dim;
        whole[oldest..].CopyTo(output);
        whole[..oldest].CopyTo(output[(whole.Length - oldest)..]);
    }
}
