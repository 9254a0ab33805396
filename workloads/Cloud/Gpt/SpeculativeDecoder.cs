using System.Runtime.InteropServices;

namespace MlPerfEdu.Workloads.Cloud.Gpt;

/// <summary>
/// A small model drafts some tokens, the target checks all of them in one step, and those it would have chosen itself are taken (Leviathan
/// et al., 2023). What comes out is what the target alone says, token for token.
/// </summary>
public sealed class SpeculativeDecoder(CachedGpt target, CachedGpt draft, int lookahead, int capacity) : IDisposable
{
    readonly KeyValueCache targetCache = target.NewCache(capacity), draftCache = draft.NewCache(capacity);
    readonly List<int> sequence = new(capacity);

    public long Drafted { get; private set; }

    public long Accepted { get; private set; }

    /// <summary>Steps of the target after its prompts.</summary>
    public long Rounds { get; private set; }

    /// <param name="count">How many tokens follow the prompt.</param>
    /// <param name="chosen">Called with each of them as soon as it is known.</param>
    public void Generate(ReadOnlySpan<int> prompt, int count, Action<int> chosen)
    {
        sequence.Clear();
        sequence.AddRange(prompt);
        targetCache.Truncate(0);
        draftCache.Truncate(0);
        draft.Prefill(draftCache, prompt);
        Take(Logits.Greedy(target.Prefill(targetCache, prompt)), chosen);
        while (prompt.Length + count - sequence.Count is > 0 and var left)
            Round(Math.Min(lookahead, left - 1), chosen);
    }

    void Round(int drafts, Action<int> chosen)
    {
        var known = sequence.Count;
        for (var i = 0; i < drafts; i++)
            sequence.Add(Logits.Greedy(draft.Append(draftCache, NotIn(draftCache))[^draft.Vocabulary..]));

        // One row for the token chosen last, and one for each draft after it.
        var rows = target.Append(targetCache, NotIn(targetCache));
        var accepted = 0;
        while (accepted < drafts && Choice(rows, accepted) == sequence[known + accepted])
            accepted++;
        // Instead of the first draft that it refuses, or after the last one.
        var own = Choice(rows, accepted);

        var kept = known + accepted;
        sequence.RemoveRange(kept, drafts - accepted);
        targetCache.Truncate(kept);
        draftCache.Truncate(Math.Min(draftCache.Length, kept));
        (Drafted, Accepted, Rounds) = (Drafted + drafts, Accepted + accepted, Rounds + 1);
        for (var i = known; i < kept; i++)
            chosen(sequence[i]);
        Take(own, chosen);
    }

    void Take(int token, Action<int> chosen)
    {
        sequence.Add(token);
        chosen(token);
    }

    ReadOnlySpan<int> NotIn(KeyValueCache cache) => CollectionsMarshal.AsSpan(sequence)[cache.Length..];

    int Choice(ReadOnlySpan<float> rows, int row) => Logits.Greedy(rows.Slice(row * target.Vocabulary, target.Vocabulary));

    public void Dispose()
    {
        targetCache.Dispose();
        draftCache.Dispose();
    }
}
