using System.Globalization;

namespace MlPerfEdu.Data;

/// <summary>ETTh1 (Zhou et al., 2021): six loads and the oil temperature of an electricity transformer, hour by hour.</summary>
public static class Ett
{
    internal const string FileName = "ETTh1.csv", Hour = "yyyy-MM-dd HH:mm:ss";

    /// <summary>High, middle and low loads, useful and useless, then the oil temperature.</summary>
    internal static readonly string[] Names = ["HUFL", "HULL", "MUFL", "MULL", "LUFL", "LULL", "OT"];

    [Reads("etth1")]
    public static SeriesDataSet Load(DataResolution data)
    {
        var rows = DelimitedText.Rows(FileName, data.Read(FileName), ',', 1 + Names.Length).ToList();
        var (expected, splits) = (data.Entry.Splits.Values.Sum(), data.Entry.Splits);
        if (rows.Count != 1 + expected) throw FormatErrors.WrongShape(FileName, $"{rows.Count} lines", $"a header and {expected} hours");
        foreach (var (field, name) in Names.Prepend("date").Index()) rows[0].OneOf(field, name);
        var first = Time(rows[1]);
        var values = new float[expected * Names.Length];
        for (var hour = 0; hour < expected; hour++)
        {
            var row = rows[1 + hour];
            if (Time(row) - first != TimeSpan.FromHours(hour)) throw row.Wrong(0, $"an hour more than in the line before, {rows[hour][0]}");
            for (var i = 0; i < Names.Length; i++) values[hour * Names.Length + i] = row.Real(1 + i);
        }
        return new(Names, values[..((splits["train"] + splits["validation"]) * Names.Length)], splits["train"], data.Provenance(DataTier.Real,
            $"ETTh1: the first {splits["train"]} hours to train on, the next {splits["validation"]} to score."));
    }

    static DateTime Time(DelimitedRow row) =>
        DateTime.TryParseExact(row[0], Hour, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : throw row.Wrong(0, "a time such as 2016-07-01 00:00:00");
}
