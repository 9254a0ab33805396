namespace MlPerfEdu.Serving.Grammar;

/// <summary>The most likely token that the grammar allows.</summary>
public static class Greedy
{
    /// <returns>The token; of equally likely ones the first, and -1 where none is allowed.</returns>
    public static int Choose(ReadOnlySpan<float> logits, ReadOnlySpan<ulong> mask)
    {
        // A grammar mostly allows few tokens: 64 at a time are passed over.
        var best = -1;
        for (var word = 0; word < mask.Length; word++)
        {
            for (var allowed = mask[word]; allowed != 0; allowed &= allowed - 1)
            {
                var token = 64 * word + BitOperations.TrailingZeroCount(allowed);
                if (best < 0 || logits[token] > logits[best])
                    best = token;
            }
        }
        return best;
    }
}
