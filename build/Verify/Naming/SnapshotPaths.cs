using System.Buffers;
using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

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
        if (!settings.UniquePrefixDisabled)
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

/// <summary>What may stand in the name of a snapshot, on every system alike.</summary>
static class FileNames
{
    static readonly char[] ControlCharacters = [.. Enumerable.Range(0, 32).Select(code => (char)code)];
    static readonly SearchValues<char> NotInName = SearchValues.Create(['"', '\\', '<', '>', '|', ':', '*', '?', '/', .. ControlCharacters]);
    static readonly char[] SystemInvalid = Path.GetInvalidFileNameChars();

    /// <summary>The extensions that Verify takes for text and this repository has a use for.</summary>
    static readonly HashSet<string> TextExtensions =
        ["txt", "json", "md", "cs", "csv", "html", "log", "noextension", "svg", "xml", "yaml", "yml"];

    public static string NameWithParent(this Type type) =>
        type.IsNested ? $"{type.ReflectedType!.Name}.{type.Name}" : type.Name;

    public static void AppendValid(StringBuilder builder, string value)
    {
        foreach (var character in value)
            builder.Append(NotInName.Contains(character) ? '-' : character);
    }

    public static void CheckName(string name, [CallerArgumentExpression(nameof(name))] string argument = "")
    {
        ArgumentException.ThrowIfNullOrEmpty(name, argument);
        Refuse(name, name.IndexOfAny(SystemInvalid), "a file name", argument);
    }

    public static void CheckDirectory(string directory, [CallerArgumentExpression(nameof(directory))] string argument = "")
    {
        ArgumentException.ThrowIfNullOrEmpty(directory, argument);
        var invalid = SystemInvalid.Except(['/', '\\', ':']).ToArray();
        Refuse(directory, directory.IndexOfAny(invalid), "a folder", argument);
    }

    public static void CheckTextExtension(string extension)
    {
        if (!TextExtensions.Contains(extension))
            throw new ArgumentException(
                $"The extension is \"{extension}\"; the stand-in for Verify writes text as {string.Join(", ", TextExtensions.Order())}. "
                + "Use one of these, without a period.",
                nameof(extension));
    }

    static void Refuse(string value, int index, string what, string argument)
    {
        if (index >= 0)
            throw new ArgumentException($"'{value[index]}' cannot be part of {what}: \"{value}\". Leave it out.", argument);
    }
}

/// <summary>Where a test's snapshots are and how their file names begin; what is null keeps its default.</summary>
public readonly struct PathInfo
{
    public PathInfo(string? directory = null, string? typeName = null, string? methodName = null)
    {
        if (directory is not null)
            FileNames.CheckDirectory(directory);
        if (typeName is not null)
            FileNames.CheckName(typeName);
        if (methodName is not null)
            FileNames.CheckName(methodName);
        (Directory, TypeName, MethodName) = (directory, typeName, methodName);
    }

    public string? Directory { get; }
    public string? TypeName { get; }
    public string? MethodName { get; }

    public static PathInfo DeriveDefault(string sourceFile, string projectDirectory, Type type, MethodInfo method) =>
        new(Path.GetDirectoryName(sourceFile), type.NameWithParent(), method.Name);
}

/// <summary>The part of a file name that tells the cases of a theory apart: _name=value for each parameter given.</summary>
static class ParameterText
{
    public static string For(MethodInfo method, VerifySettings settings)
    {
        if (settings.ParametersText is { } text)
            return $"_{text}";
        var names = method.GetParameters().Select(parameter => parameter.Name!).ToArray();
        if (settings.Parameters is not { } values || names.Length == 0)
            return "";
        if (values.Length > names.Length)
            throw new InvalidOperationException(
                $"UseParameters got {values.Length} values, but {method.Name} has {names.Length} parameters. Pass at most one value for each.");
        var builder = new StringBuilder();
        foreach (var (name, value) in names.Zip(values))
        {
            builder.Append(CultureInfo.InvariantCulture, $"_{name}=");
            Append(builder, value, isRoot: true);
        }
        return builder.ToString();
    }

    static void Append(StringBuilder builder, object? value, bool isRoot)
    {
        switch (value)
        {
            case null:
                builder.Append("null");
                break;
            case DateOnly date:
                builder.Append(date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
                break;
            case DateTime or DateTimeOffset or TimeOnly:
                throw UnsupportedValue.Of(value.GetType(), "as a parameter in a file name");
            case DictionaryEntry entry:
                Append(builder, entry.Key, isRoot: true);
                builder.Append('=');
                Append(builder, entry.Value, isRoot: true);
                break;
            case IEnumerable items and not string:
                AppendAll(builder, items, isRoot);
                break;
            default:
                FileNames.AppendValid(builder, Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
                break;
        }
    }

    static void AppendAll(StringBuilder builder, IEnumerable items, bool isRoot)
    {
        var all = items is IDictionary dictionary ? Entries(dictionary) : items.Cast<object?>().ToList();
        if (all.Count == 0)
        {
            builder.Append("[]");
            return;
        }
        builder.Append(isRoot ? "" : "[");
        for (var i = 0; i < all.Count; i++)
        {
            builder.Append(i == 0 ? "" : ",");
            Append(builder, all[i], isRoot: false);
        }
        builder.Append(isRoot ? "" : "]");
    }

    static List<object?> Entries(IDictionary dictionary)
    {
        var entries = new List<object?>();
        foreach (DictionaryEntry entry in dictionary)
            entries.Add(entry);
        return entries;
    }
}
