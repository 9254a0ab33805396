using System.Text.RegularExpressions;

namespace MlPerfEdu.Generator;

/// <summary>What may be a name, and which known name is meant.</summary>
internal static partial class Names
{
    public const int MaxLength = 64;

    /// <summary>Ids of suites, workloads, models, data sets and machine classes.</summary>
    public static bool IsId(string text) => text.Length <= MaxLength && Id().IsMatch(text);

    /// <summary>Names of metrics and sizes.</summary>
    public static bool IsWord(string text) => text.Length <= MaxLength && Word().IsMatch(text);

    /// <summary>Names that Windows gives to devices; snapshots are files named after workloads.</summary>
    public static bool IsReserved(string id) => Device().IsMatch(id);

    /// <summary>The known name at most a third of its length away, or null.</summary>
    public static string? Nearest(string found, IEnumerable<string> known) =>
        found.Length > MaxLength ? null : known
            .Select(name => (Name: name, Distance: Distance(found, name)))
            .Where(candidate => candidate.Distance <= Math.Max(1, candidate.Name.Length / 3))
            .OrderBy(candidate => candidate.Distance)
            .Select(candidate => candidate.Name)
            .FirstOrDefault();

    // Levenshtein's: insertions, deletions and replacements.
    static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }
        return row[^1];
    }

    [GeneratedRegex(@"^[a-z0-9]+(-[a-z0-9]+)*\z")]
    private static partial Regex Id();

    [GeneratedRegex(@"^[a-z][a-z0-9_]*\z")]
    private static partial Regex Word();

    [GeneratedRegex(@"^(con|prn|aux|nul|com[0-9]|lpt[0-9])\z")]
    private static partial Regex Device();
}
