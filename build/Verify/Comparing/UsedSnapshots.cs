using System.Collections.Concurrent;

namespace VerifyTests;

/// <summary>The verified files that this run compared with; others on disk are left over from tests that are gone.</summary>
static class UsedSnapshots
{
    static readonly ConcurrentDictionary<string, bool> Used = new(StringComparer.Ordinal);

    public static void Add(string verifiedFile) => Used.TryAdd(Path.GetFullPath(verifiedFile), true);

    public static void Check(IEnumerable<string> onDisk, string directory) => Check(onDisk, Used.Keys, directory);

    internal static void Check(IEnumerable<string> onDisk, IEnumerable<string> used, string directory)
    {
        var exact = used.ToHashSet(StringComparer.Ordinal);
        var anyCase = exact.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var unused = onDisk.Select(Path.GetFullPath).Where(file => !exact.Contains(file)).Order(StringComparer.Ordinal).ToList();
        if (unused.Count == 0)
            return;
        var lines = unused.Select(file =>
            $" * {Path.GetRelativePath(directory, file)}{(anyCase.Contains(file) ? " (a test uses it, but spells it differently)" : "")}");
        throw new InvalidOperationException($"Of the snapshots on disk, no test of this run used {unused.Count}:\n{string.Join('\n', lines)}");
    }
}
