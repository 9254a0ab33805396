namespace MlPerfEdu.Roofline.Count;

/// <summary>How a layer attends. Masked scores are computed like any other: products do not know the mask.</summary>
public sealed record AttentionShape(int Heads)
{
    /// <summary>Heads of keys and values; groups of query heads share one.</summary>
    public int KeyValueHeads { get; init; } = Heads;

    public bool Causal { get; init; }

    public bool Bias { get; init; } = true;

    /// <summary>Queries, keys and values come from one product instead of three.</summary>
    public bool Fused { get; init; } = true;

    public bool Rotary { get; init; }

    /// <summary>Probabilities are dropped at random in training.</summary>
    public bool Dropout { get; init; }

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
