using System.Buffers;
using System.Security.Cryptography;
using System.Text.Unicode;

namespace MlPerfEdu.Catalog;

/// <summary>The text of a YAML file as the parser may see it: decoded, bounded, without surprising characters.</summary>
internal sealed class SourceText(string text, string sha256)
{
    /// <summary>Twice what a thousand workloads take.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    // More of them and the file is not text: only they are worth reporting.
    const int MostReplaced = 20;

    // Entries of a suite stand at four columns; a broken block further out hides too much to guess.
    const int EntryIndent = 4;

    public string Text { get; private set; } = text;

    /// <summary>Of the bytes of the file.</summary>
    public string Sha256 => sha256;

    /// <summary>Lines that no longer say what the file says.</summary>
    public HashSet<int> DamagedLines { get; } = [];

    /// <summary>Null after reporting why nothing in the file can be used.</summary>
    public static SourceText? Read(string path, Problems problems)
    {
        byte[] bytes;
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > MaxBytes)
            {
                problems.FileTooLarge(file.Length, MaxBytes);
                return null;
            }
            bytes = new byte[file.Length];
            file.ReadExactly(bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problems.Unreadable(e.Message);
            return null;
        }
        return Of(bytes, problems);
    }

    public static SourceText? Of(ReadOnlySpan<byte> bytes, Problems problems)
    {
        if (bytes.Length > MaxBytes)
        {
            problems.FileTooLarge(bytes.Length, MaxBytes);
            return null;
        }
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        var decoded = new char[bytes.Length];
        if (Utf8.ToUtf16(bytes, decoded, out var valid, out var length, replaceInvalidSequences: false) != OperationStatus.Done)
        {
            problems.NotUtf8(EndOf(decoded.AsSpan(0, length)), bytes[valid]);
            return null;
        }
        var source = new SourceText(new(decoded, 0, length), sha256);
        return source.ReplaceForbidden(problems) ? source : null;
    }

    /// <summary>
    /// Empties the block around a line that is not YAML, so that the blocks after it can be checked too; its key and every line stay in
    /// place. False when there is no such block or it is empty already.
    /// </summary>
    public bool BlankBlock(int line)
    {
        var lines = Text.Split('\n');
        var first = Math.Min(line, lines.Length) - 1;
        while (first >= 0 && !IsBlockKey(lines[first]))
            first--;
        if (first < 0)
            return false;
        var changed = false;
        for (var i = first; i < lines.Length && (i == first || IsInside(lines[i])); i++)
        {
            var rest = i == first ? lines[i][..(lines[i].IndexOf(':') + 1)] : "";
            changed |= lines[i].TrimEnd() != rest;
            lines[i] = rest;
            DamagedLines.Add(i + 1);
        }
        Text = string.Join('\n', lines);
        return changed;

        static bool IsBlockKey(string line) =>
            line.Length > EntryIndent && line.AsSpan(0, EntryIndent).IsWhiteSpace() && line.Contains(':')
            && (char.IsAsciiLetterOrDigit(line[EntryIndent]) || line[EntryIndent] is '_' or '"' or '\'');

        static bool IsInside(string line) => string.IsNullOrWhiteSpace(line) || line.Length - line.TrimStart().Length > EntryIndent;
    }

    // A space in place of each, so that the rest can be checked; false when there are too many.
    bool ReplaceForbidden(Problems problems)
    {
        StringBuilder? cleaned = null;
        int line = 1, lineStart = 0, found = 0;
        for (var i = 0; i < Text.Length; i++)
        {
            if (Text[i] == '\n')
            {
                line++;
                lineStart = i + 1;
            }
            else if (IsForbidden(Text, i))
            {
                problems.ForbiddenCharacter(new(line, i - lineStart + 1, i), Text[i]);
                DamagedLines.Add(line);
                (cleaned ??= new(Text))[i] = ' ';
                if (++found > MostReplaced)
                    return false;
            }
        }
        Text = cleaned?.ToString() ?? Text;
        return true;
    }

    // A lone CR and the Unicode line ends would make our line numbers differ from an editor's; the rest is invisible or reorders text.
    static bool IsForbidden(string text, int i) => text[i] switch
    {
        '\t' or '\n' => false,
        '\r' => i + 1 == text.Length || text[i + 1] != '\n',
        < ' ' or (>= '\x7f' and <= '\x9f') => true,
        '\u2028' or '\u2029' or '\ufeff' or '\ufffe' or '\uffff' => true,
        (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') => true,
        _ => false,
    };

    static Position EndOf(ReadOnlySpan<char> text) => new(text.Count('\n') + 1, text.Length - text.LastIndexOf('\n'), text.Length);
}
