namespace MlPerfEdu.Workloads.Cloud.Gpt;

/// <summary>Always the most likely token, one per step.</summary>
static class GreedyDecoder
{
    /// <summary>The token that follows a prompt, and one more for each step.</summary>
    /// <param name="chosen">Called with each token as soon as it is known.</param>
    /// <param name="computed">Gets the logits of each step.</param>
    public static void Generate(
        CachedGpt gpt, KeyValueCache cache, ReadOnlySpan<int> prompt, int steps, Action<int> chosen,
        Action<ReadOnlySpan<float>>? computed = null)
    {
        cache.Truncate(0);
        var token = Logits.Greedy(gpt.Prefill(cache, prompt));
        chosen(token);
        for (var step = 0; step < steps; step++)
        {
            var row = gpt.Append(cache, token);
            computed?.Invoke(row);
            token = Logits.Greedy(row);
            chosen(token);
        }
    }
}
