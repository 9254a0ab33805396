using System.Collections.Concurrent;
using System.Reflection;

namespace VerifyTests;

/// <summary>The folder of a test's snapshots and what their names begin with: Folder/Type.Method_parameters</summary>
sealed class SnapshotPaths
{
    static readonly ConcurrentDictionary<string, bool> Taken = new();

    public required string Directory { get; init; }
    public required string TypeName { get; init; }
    public required string MethodName { get; init; }
    public required string Prefix { get; init; }

    public static SnapshotPaths For(string sourceFile, MethodInfo method, VerifySettings settings, PathInfo pathInfo)
    {
        var directory = Path.Combine(Path.GetDirectoryName(sourceFile)!, settings.Directory ?? pathInfo.Directory ?? "");
        var type = settings.TypeName ?? pathInfo.TypeName ?? method.ReflectedType!.NameWithParent();
        var methodName = settings.MethodName ?? pathInfo.MethodName ?? method.Name;
        var prefix = settings.FileName ?? $"{type}.{methodName}{ParameterText.For(method, settings)}";
        var paths = new SnapshotPaths { Directory = directory, TypeName = type, MethodName = methodName, Prefix = prefix };
        if (!settings.UniquePrefixDisabled && !VerifierSettings.UniquePrefixDisabled)
            paths.Take();
        return paths;
    }

    public string Received(string extension) => Path.Combine(Directory, $"{Prefix}.received.{extension}");

    public string Verified(string extension) => Path.Combine(Directory, $"{Prefix}.verified.{extension}");

    public List<string> AllReceived() => All("received");

    public List<string> AllVerified() => All("verified");

    /// <summary>A longer prefix is another test's, so only an extension or a numbered part may follow this one.</summary>
    List<string> All(string kind)
    {
        if (!System.IO.Directory.Exists(Directory))
            return [];
        return System.IO.Directory.EnumerateFiles(Directory, $"{Prefix}*.{kind}.*").Where(file =>
        {
            var name = Path.GetFileName(file);
            return name.StartsWith($"{Prefix}.{kind}.", StringComparison.Ordinal) || name.StartsWith($"{Prefix}#", StringComparison.Ordinal);
        }).ToList();
    }

    void Take()
    {
        if (!Taken.TryAdd(Path.Combine(Directory, Prefix), true))
            throw new InvalidOperationException(
                $"The prefix has already been used: {Path.Combine(Directory, Prefix)}. Two snapshots of one run would overwrite each other: "
                + "give the second one a name (UseMethodName, UseParameters, UseFileName), or call DisableRequireUniquePrefix() if that is meant.");
    }
}
