using System.Text;
using System.Text.RegularExpressions;

namespace VerifyTests;

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
