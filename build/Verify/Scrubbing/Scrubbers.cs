using System.Text;
using System.Text.RegularExpressions;

namespace VerifyTests;

/// <summary>Whether a scrubber runs before those that were added earlier, or after them.</summary>
public enum ScrubberLocation
{
    First,
    Last,
}

/// <summary>Changes of a text that are made before it is compared, in their order.</summary>
sealed class ScrubberList
{
    readonly List<Action<StringBuilder, Counter>> scrubbers = [];

    public void Add(Action<StringBuilder, Counter> scrubber, ScrubberLocation location) =>
        scrubbers.Insert(location == ScrubberLocation.First ? 0 : scrubbers.Count, scrubber);

    public ScrubberList Copy()
    {
        var copy = new ScrubberList();
        copy.scrubbers.AddRange(scrubbers);
        return copy;
    }

    /// <summary>The settings' own scrubbers, then the global ones, then folders of this machine, then line ends.</summary>
    public static void ApplyAll(StringBuilder text, VerifySettings settings, Counter counter)
    {
        foreach (var scrubber in settings.Scrubbers.scrubbers.Concat(VerifierSettings.Scrubbers.scrubbers))
            scrubber(text, counter);
        DirectoryTokens.Replace(text);
        Lines.Normalize(text);
    }
}

/// <summary>Changes of whole lines. A text that did not end in a line end does not get one.</summary>
static class Lines
{
    public static void Normalize(StringBuilder text) => text.Replace("\r\n", "\n").Replace('\r', '\n');

    public static void Remove(StringBuilder text, Func<string, bool> remove) => Rewrite(text, line => remove(line) ? null : line);

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

/// <summary>Replaces folders of this machine by names, so that a snapshot is the same on every machine.</summary>
static class DirectoryTokens
{
    static Regex? pattern;
    static Dictionary<string, string> tokens = [];

    public static void Use(string? solutionDirectory, string projectDirectory)
    {
        (string? Directory, string Token)[] known =
        [
            (AppContext.BaseDirectory, "{CurrentDirectory}"),
            (Environment.CurrentDirectory, "{CurrentDirectory}"),
            (Path.GetTempPath(), "{TempPath}"),
            (Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "{UserProfile}"),
            (projectDirectory, "{ProjectDirectory}"),
            (solutionDirectory, "{SolutionDirectory}"),
        ];
        tokens = new(StringComparer.Ordinal);
        foreach (var (directory, token) in known)
        {
            // A root folder would be found in every path.
            if (Clean(directory ?? "") is { Length: > 0 } clean)
                tokens.TryAdd(clean, token);
        }
        // The longest first, since one of them may lie inside another.
        var longestFirst = tokens.Keys.OrderByDescending(directory => directory.Length).Select(AnySeparator);
        pattern = new($@"(?<![\p{{L}}\p{{Nd}}])(?<folder>{string.Join('|', longestFirst)})(?![\p{{L}}\p{{Nd}}])[/\\]?");
    }

    public static void Replace(StringBuilder text)
    {
        if (text.Length == 0 || pattern is null)
            return;
        var replaced = pattern.Replace(text.ToString(), match => tokens[Clean(match.Groups["folder"].Value)]);
        text.Clear().Append(replaced);
    }

    static string Clean(string directory) => directory.Replace('\\', '/').TrimEnd('/');

    static string AnySeparator(string directory) => Regex.Escape(directory).Replace("/", @"[/\\]");
}

/// <summary>Replaces each GUID inside a text by a counter, equal ones by the same.</summary>
static partial class InlineGuids
{
    public static void Replace(StringBuilder text, Counter counter)
    {
        var replaced = Pattern().Replace(text.ToString(), match => counter.TryConvert(Guid.Parse(match.Value)) ?? match.Value);
        text.Clear().Append(replaced);
    }

    // A GUID that runs on into a letter or a digit is part of something else.
    [GeneratedRegex(@"(?<![\p{L}\p{N}])[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![\p{L}\p{N}])")]
    private static partial Regex Pattern();
}
