using System.Globalization;
using System.Text;

namespace MlPerfEdu.Generator;

internal static class CSharpLiteral
{
    /// <summary>A string literal in plain ASCII whose value is the text, whatever the text holds.</summary>
    public static string Of(string text)
    {
        var literal = new StringBuilder("\"");
        foreach (var unit in text)
        {
            if (unit is '"' or '\\')
                literal.Append('\\').Append(unit);
            else if (unit is >= ' ' and <= '~')
                literal.Append(unit);
            else
                literal.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
        }
        return literal.Append('"').ToString();
    }
}
