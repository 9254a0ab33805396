using System.Globalization;
using System.Text.RegularExpressions;

namespace MlPerfEdu.Generator;

/// <summary>
/// Reads single values. A mistake is reported and answered with a harmless value: the catalog is thrown away when there is any
/// problem, so reading can go on and find the next one.
/// </summary>
internal sealed partial class Values(Problems problems)
{
    public string Text(YamlNode node, string what) => Scalar(node, what, "text")?.Text ?? "";

    public string Id(YamlNode node, string what) => Checked(node, what, "an id", Names.IsId, problems.NotAnId);

    public string Word(YamlNode node, string what) => Checked(node, what, "a word", Names.IsWord,
        (scalar, _) => problems.WrongFormat(scalar, what, "a word of lower-case letters, digits and '_'"));

    public string OneOf(YamlNode node, string what, IReadOnlyList<string> known) =>
        Checked(node, what, "one of " + Quoted.Each(known), known.Contains, (scalar, _) => problems.UnknownValue(scalar, what, known));

    public string Formatted(YamlNode node, string what, Regex format, string expected) =>
        Checked(node, what, expected, format.IsMatch, (scalar, _) => problems.WrongFormat(scalar, what, expected));

    public double Number(YamlNode node, string what, NumberRange range)
    {
        if (Scalar(node, what, "a number") is not { } scalar)
            return 0;
        if (!IsNumber(scalar))
            problems.NotANumber(scalar, what);
        else if (double.Parse(scalar.Text, CultureInfo.InvariantCulture) is var value && (!double.IsFinite(value) || !range.Holds(value)))
            problems.OutOfRange(scalar, what, range.ToString());
        else
            return value;
        return 0;
    }

    public long Whole(YamlNode node, string what, NumberRange range)
    {
        if (Scalar(node, what, "a whole number") is not { } scalar)
            return 0;
        if (!IsNumber(scalar))
            problems.NotANumber(scalar, what);
        else if (!scalar.Text.AsSpan().TrimStart('-').ContainsOnlyDigits())
            problems.NotWhole(scalar, what);
        else if (!long.TryParse(scalar.Text, CultureInfo.InvariantCulture, out var value) || !range.Holds(value))
            problems.OutOfRange(scalar, what, range.ToString());
        else
            return value;
        return 0;
    }

    /// <summary>The items of a list that must not be empty.</summary>
    public IReadOnlyList<YamlNode> Items(YamlNode node, string what)
    {
        if (node is YamlUnreadable)
            return [];
        if (node is not YamlSequence sequence)
            WrongKind(node, what, "a list");
        else if (sequence is { Items.Count: 0, IsIncomplete: false })
            problems.EmptyList(node.Start, what);
        else
            return sequence.Items;
        return [];
    }

    public void WrongKind(YamlNode node, string what, string expected)
    {
        if (node is YamlScalar { IsNull: true })
            problems.MissingValue(node.Start, what);
        else if (node is not YamlUnreadable)
            problems.WrongKind(node.Start, what, KindOf(node), expected);
    }

    /// <summary>Numbers as in JSON: no hexadecimal, octal, separators, infinities or leading zeros, and no quotes.</summary>
    public static bool IsNumber(YamlScalar scalar) => scalar.Style == YamlScalarStyle.Plain && Decimal().IsMatch(scalar.Text);

    YamlScalar? Scalar(YamlNode node, string what, string expected)
    {
        if (node is YamlScalar { IsNull: false } scalar)
            return scalar;
        WrongKind(node, what, expected);
        return null;
    }

    string Checked(YamlNode node, string what, string expected, Func<string, bool> isRight, Action<YamlScalar, string> report)
    {
        if (Scalar(node, what, expected) is not { } scalar)
            return "";
        if (!isRight(scalar.Text))
            report(scalar, what);
        return scalar.Text;
    }

    static string KindOf(YamlNode node) => node switch
    {
        YamlMapping => "a mapping",
        YamlSequence => "a list",
        _ => "a single value",
    };

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z")]
    private static partial Regex Decimal();
}

internal static class DigitSpan
{
    public static bool ContainsOnlyDigits(this ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');
}
