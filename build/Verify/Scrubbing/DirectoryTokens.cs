using System.Text;
using System.Text.RegularExpressions;

namespace VerifyTests;

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
