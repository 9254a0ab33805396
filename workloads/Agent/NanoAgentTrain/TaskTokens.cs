using System.Text;

namespace MlPerfEdu.Workloads.Agent.NanoAgentTrain;

/// <summary>
/// Text as numbers: the end, every byte, every word of the tasks, and pairs of letters as far as there is room. Any text can be written, the tasks
/// shortest.
/// </summary>
public sealed class TaskTokens
{
    /// <summary>Ends a text.</summary>
    public const int End = 0;

    const int Bytes = 256;

    readonly byte[][] texts;
    readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);
    readonly int longest;

    /// <param name="count">Tokens in all.</param>
    public TaskTokens(int count)
    {
        List<byte[]> texts = [[], .. Enumerable.Range(0, Bytes).Select(value => new[] { (byte)value })];
        foreach (var word in TaskWords.All.Concat(Pairs()))
        {
            if (texts.Count == count) break;
            if (numbers.TryAdd(word, texts.Count)) texts.Add(Encoding.UTF8.GetBytes(word));
        }
        Words = Math.Min(TaskWords.All.Count, count - Bytes - 1);
        this.texts = texts.Count == count && Words == TaskWords.All.Count
            ? [.. texts]
            : throw new ArgumentOutOfRangeException(nameof(count), count, $"expected {Bytes + 1 + TaskWords.All.Count} to {texts.Count}");
        longest = numbers.Keys.Max(word => word.Length);
    }

    public int Count => texts.Length;

    /// <summary>Words of the tasks.</summary>
    public int Words { get; }

    /// <summary>As bytes, by number.</summary>
    public IReadOnlyList<byte[]> Texts => texts;

    /// <summary>The longest word that fits, again and again.</summary>
    public List<int> Encode(string text)
    {
        List<int> tokens = [];
        for (var at = 0; at < text.Length;)
        {
            var length = Math.Min(longest, text.Length - at);
            while (length > 1 && !numbers.ContainsKey(text.Substring(at, length))) length--;
            if (length > 1)
                tokens.Add(numbers[text.Substring(at, length)]);
            else
            {
                if (char.IsHighSurrogate(text[at]) && at + 1 < text.Length) length = 2;
                foreach (var value in Encoding.UTF8.GetBytes(text, at, length)) tokens.Add(1 + value);
            }
            at += length;
        }
        return tokens;
    }

    public string Decode(IEnumerable<int> tokens) => Encoding.UTF8.GetString([.. tokens.SelectMany(token => texts[token])]);

    static IEnumerable<string> Pairs()
    {
        const string letters = "etaoinshrdlucmfwypvbgkqjxz";
        return from first in letters from second in letters select $"{first}{second}";
    }
}
