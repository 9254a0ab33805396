namespace MlPerfEdu.Data;

/// <summary>SST-2 (Socher et al., 2013), as GLUE hands it out: phrases of film reviews to train on, whole sentences to score.</summary>
public static class Sst2
{
    const string Train = "train.tsv", Dev = "dev.tsv";

    [Reads("sst2")]
    public static SentenceDataSet Load(DataResolution data)
    {
        var (train, dev) = (Read(data, Train, "train"), Read(data, Dev, "dev"));
        return new(train, dev, data.Provenance(DataTier.Real, $"SST-2: {train.Count} phrases to train on, {dev.Count} sentences to score."));
    }

    static List<Sentence> Read(DataResolution data, string file, string split)
    {
        var rows = DelimitedText.Rows(file, data.Read(file), '\t', 2).ToList();
        var expected = data.Entry.Splits[split];
        if (rows.Count != 1 + expected) throw FormatErrors.WrongShape(file, $"{rows.Count} lines", $"a header and {expected} sentences");
        rows[0].OneOf(0, "sentence");
        rows[0].OneOf(1, "label");
        return [.. rows.Skip(1).Select(row => new Sentence(
            row[0].AsSpan().Trim(' ').IsEmpty ? throw row.Wrong(0, "at least one word") : row[0], (byte)row.Number(1, 0, 1)))];
    }
}
