namespace MlPerfEdu.Serving.Attention;

/// <summary>Heads of a query and of a cache; a cache of fewer heads serves groups of query heads (Ainslie et al. 2023).</summary>
public sealed record AttentionShape
{
    public AttentionShape(int heads, int kvHeads, int dim)
    {
        Heads = Guard.Positive(heads, "query heads");
        KvHeads = Guard.Positive(kvHeads, "kv heads");
        Dim = Guard.Positive(dim, "head dim");
        if (heads % kvHeads != 0)
            throw ServingErrors.OutOfRange("query heads", heads, $"a multiple of the {kvHeads} kv heads");
    }

    public int Heads { get; }

    public int KvHeads { get; }

    public int Dim { get; }

    /// <summary>Query heads that read the same keys.</summary>
    public int Group => Heads / KvHeads;

    public int QuerySize => Heads * Dim;

    /// <summary>Floats of one token's keys, and as many of its values.</summary>
    public int TokenSize => KvHeads * Dim;

    public float Scale => 1 / MathF.Sqrt(Dim);

    /// <summary>FLOP of one query over so many keys: scores and mixing, two per multiply-add.</summary>
    public double Flops(int length) => 4.0 * Heads * Dim * length;

    /// <summary>Bytes of one query over so many keys, each read once.</summary>
    public double Bytes(int length) => sizeof(float) * (2.0 * TokenSize * length + 2 * QuerySize);
}
