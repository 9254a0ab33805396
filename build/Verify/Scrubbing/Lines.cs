using System.Text;

namespace VerifyTests;

/// <summary>Changes of whole lines. A text that did not end in a line end does not get one.</summary>
static class Lines
{
    public static void Normalize(StringBuilder text) => text.Replace("\r\n", "\n").Replace('\r', '\n');

    public static void Remove(StringBuilder text, Func<string, bool> remove) => Rewrite(text, line => remove(line) ? null : line);

    public static void RemoveContaining(StringBuilder text, StringComparison comparison, string[] matches) =>
        Remove(text, line => Array.Exists(matches, match => line.Contains(match, comparison)));

    public static void Replace(StringBuilder text, Func<string, string?> replace)
    {
        var before = text.ToString();
        Rewrite(text, replace);
        if (text.Length == 0 && before.Length > 0 && !before.EndsWith('\n'))
            throw new InvalidOperationException(
                $"ScrubLinesWithReplace removed all of \"{before}\", which Verify does not survive. Use ScrubLines to remove lines.");
    }

    public static void RemoveEmpty(StringBuilder text)
    {
        Remove(text, string.IsNullOrWhiteSpace);
        if (text is [.., '\n'])
            text.Length--;
    }

    static void Rewrite(StringBuilder text, Func<string, string?> rewrite)
    {
        var before = text.ToString();
        text.Clear();
        using var reader = new StringReader(before);
        while (reader.ReadLine() is { } line)
        {
            if (rewrite(line) is { } kept)
                text.Append(kept).Append('\n');
        }
        if (text.Length > 0 && !before.EndsWith('\n'))
            text.Length--;
    }
}
