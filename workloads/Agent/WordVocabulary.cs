using System.Text;

namespace MlPerfEdu.Workloads.Agent;

/// <summary>
/// Words as numbers. A word that no text to train on has is spelt in bytes, with a space behind it, so that every text has tokens and every
/// sequence of tokens is a text.
/// </summary>
public sealed class WordVocabulary
{
    /// <summary>Beyond the end of a text; before a passage, a question and an answer; after an answer.</summary>
    public const int Padding = 0, Passage = 1, Question = 2, Answer = 3, End = 4;

    const int FirstByte = 8, FirstWord = FirstByte + 256;

    readonly Dictionary<string, int> numbers;
    readonly string[] words;

    /// <param name="texts">The commonest words of these get a number.</param>
    /// <param name="size">With the special tokens and the bytes.</param>
    public WordVocabulary(IEnumerable<string> texts, int size)
    {
        words = [.. texts.SelectMany(Split).CountBy(word => word).OrderByDescending(pair => pair.Value)
            .ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(size - FirstWord).Select(pair => pair.Key)];
        numbers = words.Index().ToDictionary(word => word.Item, word => FirstWord + word.Index, StringComparer.Ordinal);
    }

    /// <summary>Tokens that mean something: all below this number.</summary>
    public int Count => FirstWord + words.Length;

    public int[] Tokens(string text) => [.. Split(text).SelectMany(TokensOf)];

    IEnumerable<int> TokensOf(string word) => numbers.TryGetValue(word, out var number)
        ? [number]
        : Encoding.UTF8.GetBytes($"{word} ").Select(letter => FirstByte + letter);

    /// <summary>The text of words and bytes; special tokens have none.</summary>
    public string Text(IEnumerable<int> tokens)
    {
        var bytes = new List<byte>();
        foreach (var token in tokens)
        {
            if (token is >= FirstByte and < FirstWord) bytes.Add((byte)(token - FirstByte));
            else if (token >= FirstWord && token < Count) bytes.AddRange(Encoding.UTF8.GetBytes($"{words[token - FirstWord]} "));
        }
        return Encoding.UTF8.GetString([.. bytes]).TrimEnd(' ');
    }

    /// <summary>Lower case, with spaces around what is neither letter nor digit.</summary>
    public static string Normalise(string text)
    {
        var spaced = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if (char.IsLetterOrDigit(letter)) spaced.Append(char.ToLowerInvariant(letter));
            else spaced.Append(' ').Append(letter).Append(' ');
        }
        return string.Join(' ', Split(spaced.ToString()));
    }

    public static string[] Split(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
