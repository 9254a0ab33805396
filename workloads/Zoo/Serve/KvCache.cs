namespace MlPerfEdu.Zoo;

/// <summary>Keys and values that a transformer keeps: of every head, of fewer shared ones, or compressed.</summary>
public static class KvCache
{
    public static ByteCount PerSequence(Model model, Dtype dtype, int context)
    {
        if (context == 0) return default;
        if (model is not { Layers: { } layers, Heads: { } heads, Hidden: { } hidden })
            throw ZooErrors.NotStated(model, "layers, hidden and heads");
        var width = model is { KvLatent: { } latent, RopeDim: { } rope }
            ? latent + rope
            : 2.0 * (model.KvHeads ?? heads) * (model.HeadDim ?? hidden / heads);
        return new(layers * width * context * dtype.Bytes());
    }

    /// <summary>Kept in pages, the last of which is seldom full.</summary>
    public static int Paged(int context, int page)
    {
        if (page < 1) throw ZooErrors.OutOfRange("a page of", page, "at least 1 token");
        return (context + page - 1) / page * page;
    }

    /// <summary>Share of the pages that holds nothing.</summary>
    public static double Waste(int context, int page) => 1 - ((double)context / Paged(context, page));
}

/// <summary>What one sequence keeps between tokens: keys and values that grow, or a state that does not.</summary>
public static class SequenceState
{
    public static ByteCount Of(Model model, Dtype dtype, int context, Rules rules = Rules.Ours) =>
        rules == Rules.Reference && model.Architecture == Architecture.Ssm
            ? Scaling.OriginalSsmState(model, dtype)
            : Scaling.State(model, dtype, context);
}
