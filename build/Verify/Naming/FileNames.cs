using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace VerifyTests;

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
