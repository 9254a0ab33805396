namespace MlPerfEdu.Serving.Healing;

/// <summary>Repairs the seam where a prompt ends within the text of a longer token: the last tokens are taken back, and those generated in their
/// place have to begin with their text.</summary>
public sealed class TokenHealer
{
    readonly byte[][] texts;
    // Tokens in the order of their bytes: all that begin with some text stand side by side.
    readonly int[] sorted;

    // vocabulary: the text of each token; mostTokens: how many tokens may be taken back
    public TokenHealer(IReadOnlyList<string> vocabulary, int mostTokens = 4)
    {
        Guard.NotEmpty(vocabulary.Count, "tokens in the vocabulary");
        MostTokens = Guard.Positive(mostTokens, "tokens to take back");
        texts = [.. vocabulary.Select(Encoding.UTF8.GetBytes)];
        for (var token = 0; token < texts.Length; token++)
            Guard.NotEmpty(texts[token].Length, $"characters in token {token}");
        sorted = [.. Enumerable.Range(0, texts.Length)];
        Array.Sort(sorted, (a, b) => texts[a].AsSpan().SequenceCompareTo(texts[b]));
    }

    public int MostTokens { get; }

    /// <summary>The largest number of last tokens whose joint text begins a longer token; 0 when the seam is clean.</summary>
    public int FindOverlap(ReadOnlySpan<int> prompt)
    {
        Check(prompt);
        for (var count = Math.Min(MostTokens, prompt.Length); count > 0; count--)
        {
            if (HasLonger(prompt[^count..]))
                return count;
        }
        return 0;
    }

    public string Text(ReadOnlySpan<int> tokens)
    {
        var bytes = new List<byte>();
        foreach (var token in tokens)
            bytes.AddRange(texts[Guard.Index(token, texts.Length, "token")]);
        return Encoding.UTF8.GetString([.. bytes]);
    }

    /// <summary>The tokens that may replace those that were taken back: all that begin with their text.</summary>
    public ReadOnlySpan<int> Candidates(ReadOnlySpan<int> takenBack)
    {
        Check(takenBack);
        var (from, to) = Beginning(takenBack, out _);
        return sorted.AsSpan(from..to);
    }

    /// <summary>The prompt without the tokens that are taken back, followed by a completion.</summary>
    /// <returns>How many tokens were written.</returns>
    public int Heal(ReadOnlySpan<int> prompt, ReadOnlySpan<int> completion, Span<int> healed)
    {
        Check(completion);
        var kept = prompt[..^FindOverlap(prompt)];
        var length = kept.Length + completion.Length;
        if (healed.Length < length)
            throw KernelErrors.Shape("room for the healed tokens", $"{healed.Length}", $"at least {length}");
        kept.CopyTo(healed);
        completion.CopyTo(healed[kept.Length..]);
        return length;
    }

    bool HasLonger(ReadOnlySpan<int> tokens)
    {
        var (from, to) = Beginning(tokens, out var length);
        // Among texts that begin alike, the one that is no longer comes first; there may be several of it.
        return to > from && texts[sorted[to - 1]].Length > length;
    }

    /// <summary>The range of sorted tokens that begin with the joint text, and that text's length.</summary>
    (int From, int To) Beginning(ReadOnlySpan<int> tokens, out int length)
    {
        var (from, to) = (0, sorted.Length);
        length = 0;
        foreach (var token in tokens)
        {
            foreach (var letter in texts[token])
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
            var text = texts[sorted[middle]];
            if (text.Length <= place || text[place] < letter)
                from = middle + 1;
            else
                to = middle;
        }
        return from;
    }

    void Check(ReadOnlySpan<int> tokens)
    {
        foreach (var token in tokens)
            Guard.Index(token, texts.Length, "token");
    }
}

[Kernels("token-healer")]
public sealed class TokenHealerKernels : IKernels
{
    static readonly string[] Vocabulary = ["def", " my", " is", "_va", "_value", "r", "=", " x", "return", "\n"];

    public IEnumerable<Kernel> Kernels()
    {
        var healer = new TokenHealer(Vocabulary);
        int[] prompt = [0, 1, 3], completion = [4, 6];
        var healed = new int[5];
        yield return new("heal", () => healer.Heal(prompt, completion, healed));
        yield return new("find-suffix-overlap", () => healer.FindOverlap(prompt));
    }
}
