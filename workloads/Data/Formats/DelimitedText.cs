using System.Globalization;
using System.Text;

namespace MlPerfEdu.Data;

/// <summary>Lines of fields with a character between them, in Latin-1 as old data sets are; empty lines are none.</summary>
sealed class DelimitedText(string name, byte[] bytes)
{
    /// <param name="fields">How many a line must have; any number when absent.</param>
    public IEnumerable<DelimitedRow> Rows(char separator, int? fields = null)
    {
        foreach (var (index, line) in Encoding.Latin1.GetString(bytes).Split('\n').Index())
        {
            var row = new DelimitedRow(name, index + 1, line.TrimEnd('\r').Split(separator));
            if (row.Count == 1 && row[0].Length == 0) continue;
            if (fields is { } expected && row.Count != expected)
                throw FormatErrors.MalformedLine(name, row.Line, $"{row.Count} fields", $"{expected}");
            yield return row;
        }
    }
}

/// <param name="Line">From 1, as editors count.</param>
sealed record DelimitedRow(string File, int Line, string[] Fields)
{
    public string this[Index field] => Fields[field];
    public int Count => Fields.Length;

    public int Number(int field, int least, int most) =>
        int.TryParse(Fields[field], NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw Wrong(field, least == most ? $"{least}" : $"a number from {least} to {most}");

    public string OneOf(int field, params string[] words) =>
        words.Contains(Fields[field]) ? Fields[field] : throw Wrong(field, string.Join(" or ", words));

    public DataException Wrong(int field, string expected) =>
        FormatErrors.MalformedLine(File, Line, $"'{Fields[field]}' in field {field + 1}", expected);
}
