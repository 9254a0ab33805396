using MlPerfEdu.Serving.Prefixes;

namespace MlPerfEdu.Serving.Loop;

/// <summary>Prompts that stay in the models' caches when their requests are gone, for others that begin alike.</summary>
sealed class StoredPrompts(IReadOnlyList<CachedModel> models)
{
    const int Capacity = 64;

    readonly List<long> _copies = [];
    PrefixPool<long> _prefixes = new(Capacity);

    /// <summary>Begins a sequence with the longest beginning of its tokens that is stored.</summary>
    /// <returns>How many tokens that is.</returns>
    public int Begin(long sequence, ReadOnlySpan<int> tokens)
    {
        var copy = 0L;
        var known = tokens.IsEmpty ? 0 : _prefixes.TryGetLongest(tokens, out copy);
        foreach (var model in models)
        {
            if (known > 0)
                model.Fork(copy, sequence);
            else
                model.Add(sequence);
        }
        return known;
    }

    /// <summary>
    /// Keeps the whole blocks of a prompt: one that its sequence still writes into would have to be copied, for which there may be no room.
    /// </summary>
    /// <param name="known">How many of the tokens are stored already.</param>
    public void Store(long sequence, ReadOnlySpan<int> tokens, int known)
    {
        var whole = tokens.Length - tokens.Length % models[0].BlockTokens;
        if (whole <= known || _copies.Count == Capacity)
            return;
        // Below all requests' own numbers.
        var copy = -1 - (long)_copies.Count;
        _copies.Add(copy);
        foreach (var model in models)
        {
            model.Fork(sequence, copy);
            model.Truncate(copy, whole);
        }
        _prefixes.Put(tokens[..whole], copy);
    }

    /// <returns>Whether there were any.</returns>
    public bool Drop()
    {
        if (_copies.Count == 0)
            return false;
        foreach (var copy in _copies)
        {
            foreach (var model in models)
                model.Free(copy);
        }
        _copies.Clear();
        _prefixes = new(Capacity);
        return true;
    }
}
