namespace MlPerfEdu.Catalog;

/// <summary>Which known name somebody meant, for messages about one that is not known.</summary>
public static class Spelling
{
    // Cyrillic, Armenian and Greek letters, and dashes, that look like the letters of names.
    const string Strange = "\u0430\u0441\u0501\u0435\u04bb\u0456\u0458\u04cf\u043e\u0440\u051b\u0455\u057d\u03bd\u0461\u0445\u0443\u03b1\u03bf\u03c1\u03b9\u03c4\u03ba\u03c5\u2010\u2013\u2212";
    const string Meant = "acdehijlopqsuvwxyaopitku---";

    /// <summary>What to do about a name that is none of the known ones.</summary>
    /// <param name="otherwise">Where none of them is near.</param>
    public static string Advice(string found, IEnumerable<string> known, string otherwise)
    {
        var latin = Latin(found, out var first);
        var nearest = Names.Nearest(latin, known);
        if (first is { } letter)
            return $"'{letter}' is U+{(int)letter:X4}, which only looks like '{Meant[Strange.IndexOf(letter)]}': type {(nearest is null ? "it" : $"'{nearest}'")} again";
        return nearest is null ? otherwise : $"did you mean '{nearest}'?";
    }

    static string Latin(string text, out char? first)
    {
        first = text.Select(letter => (char?)letter).FirstOrDefault(letter => Strange.Contains(letter!.Value));
        return string.Concat(text.Select(letter => Strange.IndexOf(letter) is >= 0 and var at ? Meant[at] : letter));
    }
}
