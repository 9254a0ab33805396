using MlPerfEdu.Roofline.Detect;

namespace MlPerfEdu.Roofline.Evidence;

/// <summary>Which commit the program was built from; unknown outside a clone.</summary>
public static class SourceReader
{
    const string ReferencePrefix = "ref: ";
    const string GitFilePrefix = "gitdir: ";

    /// <param name="folder">Somewhere inside the clone.</param>
    public static SourceState Read(string folder)
    {
        try
        {
            return GitFolder(folder) is { } git && Commit(git) is { } commit
                ? new SourceState(commit, Dirty(folder))
                : SourceState.Unknown;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return SourceState.Unknown;
        }
    }

    // A worktree or submodule has a file there that points elsewhere.
    static string? GitFolder(string folder)
    {
        for (var parent = new DirectoryInfo(folder); parent is not null; parent = parent.Parent)
        {
            var git = Path.Combine(parent.FullName, ".git");
            if (Directory.Exists(git))
                return git;
            if (File.Exists(git) && File.ReadAllText(git).Trim() is var text && text.StartsWith(GitFilePrefix, StringComparison.Ordinal))
                return Path.Combine(parent.FullName, text[GitFilePrefix.Length..]);
        }

        return null;
    }

    static string? Commit(string git)
    {
        var head = File.ReadAllText(Path.Combine(git, "HEAD")).Trim();
        if (!head.StartsWith(ReferencePrefix, StringComparison.Ordinal))
            return IfCommit(head);
        var reference = head[ReferencePrefix.Length..];
        // The branches of a worktree lie in the folder of its clone.
        var pointer = Path.Combine(git, "commondir");
        var common = File.Exists(pointer) ? Path.Combine(git, File.ReadAllText(pointer).Trim()) : git;
        var loose = Path.Combine(common, reference);
        return File.Exists(loose) ? IfCommit(File.ReadAllText(loose).Trim()) : Packed(common, reference);
    }

    static string? Packed(string git, string reference)
    {
        var path = Path.Combine(git, "packed-refs");
        if (!File.Exists(path))
            return null;
        var line = File.ReadLines(path).FirstOrDefault(line => line.EndsWith($" {reference}", StringComparison.Ordinal));
        return line is null ? null : IfCommit(line[..^(reference.Length + 1)]);
    }

    static string? IfCommit(string text) => text.Length is 40 or 64 && text.All(char.IsAsciiHexDigit) ? text : null;

    // Only git itself knows: absent where it is not installed or does not trust the folder.
    static bool? Dirty(string folder) =>
        ProgramOutput.Of("git", "-C", folder, "status", "--porcelain", "--untracked-files=no") is (0, var changes) ? changes.Length > 0 : null;
}
