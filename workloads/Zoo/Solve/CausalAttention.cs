namespace MlPerfEdu.Zoo;

/// <summary>Scores and weighted values: four FLOP per channel and pair of tokens, each token with itself and those before it.</summary>
static class CausalAttention
{
    /// <summary>Of <paramref name="tokens"/> new tokens after <paramref name="before"/> others; none without attention.</summary>
    public static Flop Work(Model model, int before, int tokens)
    {
        if (tokens == 0 || model.Architecture is not (Architecture.Transformer or Architecture.SparseMoe)) return default;
        if (model is not { Layers: { } layers, Heads: { } heads, Hidden: { } hidden })
            throw ZooErrors.NotStated(model, "layers, hidden and heads");
        var head = model.HeadDim ?? hidden / heads;
        var pairs = ((double)tokens * before) + ((double)tokens * (tokens + 1.0) / 2);
        // Latent attention compares the rotary part as well.
        return new(2.0 * layers * heads * ((2 * head) + (model.RopeDim ?? 0)) * pairs);
    }
}
