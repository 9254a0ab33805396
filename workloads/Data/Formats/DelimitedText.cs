using System.Globalization;

namespace MlPerfEdu.Data;

/// <summary>Lines of fields with a character between them, in Latin-1 as old data sets are; empty lines are skipped.</summary>
static class DelimitedText
{
    public static IEnumerable<DelimitedRow> Rows(string name, byte[] bytes, char separator, int fields)
    {
        foreach (var (index, line) in Encoding.Latin1.GetString(bytes).Split('\n').Index())
        {
            var row = new DelimitedRow(name, index + 1, line.TrimEnd('\r').Split(separator));
            if (row.Fields is [""]) continue;
            if (row.Fields.Length != fields) throw FormatErrors.MalformedLine(name, row.Line, $"{row.Fields.Length} fields", $"{fields}");
            yield return row;
        }
    }
}

/// <param name="Line">From 1, as editors count.</param>
sealed record DelimitedRow(string File, int Line, string[] Fields)
{
    public string this[Index field] => Fields[field];

    public int Number(int field, int least, int most) =>
        int.TryParse(Fields[field], NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw Wrong(field, least == most ? $"{least}" : $"a number from {least} to {most}");

    public float Real(int field) =>
        float.TryParse(Fields[field], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && float.IsFinite(value)
            ? value
            : throw Wrong(field, "a finite number");

    public string OneOf(int field, params string[] words) =>
        words.Contains(Fields[field]) ? Fields[field] : throw Wrong(field, string.Join(" or ", words));

    public DataException Wrong(int field, string expected) =>
        FormatErrors.MalformedLine(File, Line, $"'{Fields[field]}' in field {field + 1}", expected);
}
