namespace MlPerfEdu.Serving.Grammar;

/// <summary>Tokens as bytes; token 0 ends a text.</summary>
sealed class Vocabulary
{
    public const int End = 0;

    const int Bytes = 256;

    readonly byte[][] tokens;

    /// <summary>Those of a model; some may have the same text.</summary>
    public Vocabulary(IEnumerable<byte[]> tokens)
    {
        this.tokens = [.. tokens];
        Guard.Range(this.tokens.Length >= 2, "size of a vocabulary", this.tokens.Length, "at least 2, the end and a token");
        Guard.Length(this.tokens[End].Length, 0, $"bytes of token {End}, the end,");
        for (var token = End + 1; token < this.tokens.Length; token++)
            Guard.NotEmpty(this.tokens[token].Length, $"bytes of token {token}");
    }

    public int Count => tokens.Length;
    public ReadOnlySpan<byte> this[int token] => tokens[token];

    /// <summary>Byte-pair encoding (Sennrich et al. 2016): the end, every byte, then repeatedly the most frequent pair of a text.</summary>
    public static Vocabulary Train(ReadOnlySpan<byte> text, int count)
    {
        Guard.Range(count > Bytes, "size of a vocabulary", count, $"above {Bytes}");
        List<byte[]> tokens = [[], .. Enumerable.Range(0, Bytes).Select(value => new[] { (byte)value })];
        List<int> encoded = [];
        foreach (var value in text)
            encoded.Add(value + 1);
        while (tokens.Count < count && MostFrequent(encoded) is { } pair)
        {
            Join(encoded, pair, tokens.Count);
            tokens.Add([.. tokens[pair.First], .. tokens[pair.Second]]);
        }
        return tokens.Count == count
            ? new(tokens) : throw KernelErrors.OutOfRange("size of a vocabulary", count, $"at most the {tokens.Count} that the text has pairs for");
    }

    static (int First, int Second)? MostFrequent(List<int> encoded)
    {
        var counts = new Dictionary<(int, int), int>();
        for (var index = 1; index < encoded.Count; index++)
            counts[(encoded[index - 1], encoded[index])] = counts.GetValueOrDefault((encoded[index - 1], encoded[index])) + 1;
        // Of equally frequent ones the earliest by number: the same vocabulary on every machine.
        return counts.Count == 0 ? null : counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).First().Key;
    }

    static void Join(List<int> encoded, (int First, int Second) pair, int joined)
    {
        var to = 0;
        for (var from = 0; from < encoded.Count; from++, to++)
        {
            var both = from + 1 < encoded.Count && encoded[from] == pair.First && encoded[from + 1] == pair.Second;
            encoded[to] = both ? joined : encoded[from];
            from += both ? 1 : 0;
        }
        encoded.RemoveRange(to, encoded.Count - to);
    }
}
