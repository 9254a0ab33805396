using System.Text;

namespace MlPerfEdu.Serving.Healing;

/// <summary>
/// Repairs the seam where a prompt ends in the middle of what the vocabulary has one token for: the last tokens are taken back, and what is
/// generated in their place has to begin with their text.
/// </summary>
public sealed class TokenHealer
{
    readonly byte[][] _texts;
    // Tokens in the order of their bytes: all that begin with some text stand side by side.
    readonly int[] _sorted;

    /// <param name="vocabulary">The text of each token.</param>
    /// <param name="mostTokens">How many tokens may be taken back.</param>
    public TokenHealer(IReadOnlyList<string> vocabulary, int mostTokens = 4)
    {
        Guard.NotEmpty(vocabulary.Count, "tokens in the vocabulary");
        MostTokens = Guard.Positive(mostTokens, "tokens to take back");
        _texts = [.. vocabulary.Select(Encoding.UTF8.GetBytes)];
        for (var token = 0; token < _texts.Length; token++)
            Guard.NotEmpty(_texts[token].Length, $"characters in token {token}");
        _sorted = [.. Enumerable.Range(0, _texts.Length)];
        Array.Sort(_sorted, (a, b) => _texts[a].AsSpan().SequenceCompareTo(_texts[b]));
    }

    public int MostTokens { get; }

    /// <summary>The largest number of last tokens whose joint text begins a longer token; 0 when the seam is sound.</summary>
    public int FindOverlap(ReadOnlySpan<int> prompt)
    {
        foreach (var token in prompt)
            Check(token);
        for (var count = Math.Min(MostTokens, prompt.Length); count > 0; count--)
        {
            if (HasLonger(prompt[^count..]))
                return count;
        }
        return 0;
    }

    /// <summary>What the last tokens say.</summary>
    public string Text(ReadOnlySpan<int> tokens)
    {
        var bytes = new List<byte>();
        foreach (var token in tokens)
            bytes.AddRange(_texts[Check(token)]);
        return Encoding.UTF8.GetString([.. bytes]);
    }

    /// <summary>The tokens that may stand in the place of those that were taken back: all that begin with their text.</summary>
    public ReadOnlySpan<int> Candidates(ReadOnlySpan<int> takenBack)
    {
        foreach (var token in takenBack)
            Check(token);
        var (from, to) = Beginning(takenBack, out _);
        return _sorted.AsSpan(from..to);
    }

    /// <summary>The prompt without the tokens that are taken back, followed by a completion.</summary>
    /// <returns>How many tokens were written.</returns>
    public int Heal(ReadOnlySpan<int> prompt, ReadOnlySpan<int> completion, Span<int> healed)
    {
        foreach (var token in completion)
            Check(token);
        var kept = prompt[..^FindOverlap(prompt)];
        var length = kept.Length + completion.Length;
        if (healed.Length < length)
            throw ServingErrors.Shape("room for the healed tokens", $"{healed.Length}", $"at least {length}");
        kept.CopyTo(healed);
        completion.CopyTo(healed[kept.Length..]);
        return length;
    }

    bool HasLonger(ReadOnlySpan<int> tokens)
    {
        var (from, to) = Beginning(tokens, out var length);
        // Among texts that begin alike, the one that is no longer comes first; there may be several of it.
        return to > from && _texts[_sorted[to - 1]].Length > length;
    }

    /// <summary>The range of sorted tokens that begin with the joint text, and that text's length.</summary>
    (int From, int To) Beginning(ReadOnlySpan<int> tokens, out int length)
    {
        var (from, to) = (0, _sorted.Length);
        length = 0;
        foreach (var token in tokens)
        {
            foreach (var letter in _texts[token])
            {
                (from, to) = (FirstWith(letter, length, from, to), FirstWith(letter + 1, length, from, to));
                length++;
            }
        }
        return (from, to);
    }

    // Of tokens that are equal up to a place: the first whose byte there is not lower.
    int FirstWith(int letter, int place, int from, int to)
    {
        while (from < to)
        {
            var middle = (from + to) / 2;
            var text = _texts[_sorted[middle]];
            if (text.Length <= place || text[place] < letter)
                from = middle + 1;
            else
                to = middle;
        }
        return from;
    }

    int Check(int token) => (uint)token < (uint)_texts.Length
        ? token : throw ServingErrors.UnknownId("token", token, $"0 to {_texts.Length - 1}");
}
