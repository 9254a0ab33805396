namespace MlPerfEdu.Roofline.Count;

/// <summary>How a layer attends. Masked scores are computed like any other, block by block: products do not know the mask.</summary>
public sealed record AttentionShape(int Heads)
{
    /// <summary>Heads of keys and values; groups of query heads share one.</summary>
    public int KeyValueHeads { get; init; } = Heads;

    public bool Causal { get; init; }

    /// <summary>Causal queries are taken so many at a time, without scores that the last of them may not see; absent: all at once.</summary>
    public int? Block { get; init; }

    /// <summary>Scores, softmax and values are one kernel of this project: one call each way, of which libtorch sees no product.</summary>
    public bool OwnKernel { get; init; }

    public bool Bias { get; init; } = true;

    /// <summary>Queries, keys and values come from one product instead of three.</summary>
    public bool Fused { get; init; } = true;

    public bool Rotary { get; init; }

    /// <summary>Probabilities are dropped at random in training.</summary>
    public bool Dropout { get; init; }

    /// <summary>Queries, and the keys that the last of them may see.</summary>
    public IEnumerable<(long Queries, long Keys)> Blocks(long queries, long keys)
    {
        var size = Block ?? queries;
        for (long from = 0; from < queries; from += size)
        {
            var until = Math.Min(from + size, queries);
            yield return (until - from, keys - queries + until);
        }
    }

    public long Head(long width)
    {
        if (width % Heads != 0 || Heads % KeyValueHeads != 0)
        {
            throw new ArgumentException(
                $"{Heads} heads with {KeyValueHeads} of keys and values do not divide a width of {width}; "
                + "heads must divide the width, those of keys and values the heads.");
        }

        return width / Heads;
    }
}
