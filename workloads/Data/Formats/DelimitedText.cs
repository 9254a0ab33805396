using System.Globalization;
using System.Text;

namespace MlPerfEdu.Data;

/// <summary>Lines of fields with a character between them, in Latin-1 as old data sets are; empty lines are none.</summary>
sealed class DelimitedText(string name, byte[] bytes)
{
    /// <param name="fields">How many a line must have; any number when absent.</param>
    public IEnumerable<DelimitedRow> Rows(char separator, int? fields = null)
    {
        var offset = 0L;
        foreach (var line in Encoding.Latin1.GetString(bytes).Split('\n'))
        {
            var row = new DelimitedRow(name, offset, line.TrimEnd('\r').Split(separator));
            offset += line.Length + 1;
            if (row.Count == 1 && row[0].Length == 0) continue;
            if (fields is { } expected && row.Count != expected)
                throw FormatErrors.Malformed(name, row.Offset, $"{row.Count} fields", $"{expected}");
            yield return row;
        }
    }
}

/// <param name="Offset">Of the line's first byte.</param>
sealed record DelimitedRow(string File, long Offset, string[] Fields)
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
        FormatErrors.Malformed(File, Offset, $"'{Fields[field]}' in field {field + 1}", expected);
}
