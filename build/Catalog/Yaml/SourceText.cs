using System.Text;

namespace MlPerfEdu.Generator;

/// <summary>The text of a YAML file in the form that the parser may see: decoded, bounded, without surprising characters.</summary>
internal static class SourceText
{
    public const int MaxBytes = 1024 * 1024;

    // More of them and the file is not text: only they are worth reporting.
    const int MostReplaced = 20;

    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The decoded text, or null when nothing in it can be used.</summary>
    public static string? Decode(ReadOnlySpan<byte> bytes, Problems problems)
    {
        if (bytes.Length > MaxBytes)
        {
            problems.FileTooLarge(bytes.Length, MaxBytes);
            return null;
        }
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            // Some runtimes count the index from an inner block; the valid prefix is found without it.
            var valid = Encoding.UTF8.GetString(bytes[..ValidPrefix(bytes)]);
            problems.NotUtf8(PositionOf(valid, valid.Length), e.BytesUnknown is [var first, ..] ? first : (byte)0);
            return null;
        }
    }

    static int ValidPrefix(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length && Rune.DecodeFromUtf8(bytes[at..], out _, out var used) == System.Buffers.OperationStatus.Done)
            at += used;
        return at;
    }

    /// <summary>
    /// Reports each forbidden character and puts a space in its place, so that the rest can be checked; null when there are too many.
    /// The lines concerned are added to <paramref name="damaged"/>.
    /// </summary>
    public static string? Sanitise(string text, Problems problems, ISet<int> damaged)
    {
        StringBuilder? cleaned = null;
        int line = 1, lineStart = 0, found = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n')
            {
                line++;
                lineStart = i + 1;
            }
            else if (IsForbidden(text, i))
            {
                problems.ForbiddenCharacter(new(line, i - lineStart + 1, i), text[i]);
                damaged.Add(line);
                (cleaned ??= new(text))[i] = ' ';
                if (++found > MostReplaced)
                    return null;
            }
        }
        return cleaned?.ToString() ?? text;
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

    static Position PositionOf(string text, int offset)
    {
        var before = text.AsSpan(0, offset);
        return new(before.Count('\n') + 1, offset - (before.LastIndexOf('\n') + 1) + 1, offset);
    }
}
