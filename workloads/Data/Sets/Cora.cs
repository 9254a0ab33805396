namespace MlPerfEdu.Data;

/// <summary>Cora (McCallum et al., 2000; Sen et al., 2008): papers, their words, citations and fields.</summary>
public static class Cora
{
    public const int Papers = 2708, Vocabulary = 1433, Classes = 7;
    const string ArchiveName = "cora.zip", Content = "cora.content", Cites = "cora.cites";

    [Reads("cora")]
    public static CitationGraph Load(DataResolution data)
    {
        var files = Archive.Read(data[ArchiveName], new(Entries: 20, EntryBytes: 16 << 20, TotalBytes: 32 << 20))
            .Where(entry => entry.FileName is Content or Cites).DistinctBy(entry => entry.FileName)
            .ToDictionary(entry => entry.FileName, entry => entry.ReadAll());
        // A paper is its number, a 0 or 1 per word, and its class.
        var rows = Rows(Content, Vocabulary + 2).ToList();
        if (rows.Count != Papers) throw FormatErrors.WrongShape(Content, $"{rows.Count} papers", $"{Papers}");
        var classes = rows.Select(row => row[^1]).Distinct().Order(StringComparer.Ordinal).ToList();
        if (classes.Count != Classes) throw FormatErrors.WrongShape(Content, $"{classes.Count} classes", $"{Classes}");

        var position = new Dictionary<string, int>();
        foreach (var row in rows)
            if (!position.TryAdd(row[0], position.Count)) throw row.Wrong(0, "every paper once");
        var citations = Rows(Cites, 2).Select(row => (Paper(row, 0), Paper(row, 1)));
        byte[] labels = [.. rows.Select(row => (byte)classes.IndexOf(row[^1]))];
        var (train, validation, test) = CitationSplit.Of(labels, Classes, data.Entry.Splits);
        return new([.. rows.Select(Words)], Vocabulary, labels, CitationGraph.Undirected(citations), classes, train, validation, test,
            data.Provenance(DataTier.Real,
                $"Cora: {Papers} papers, {train.Length} to train on, {validation.Length} to choose by, {test.Length} to score."));

        IEnumerable<DelimitedRow> Rows(string name, int fields) => DelimitedText.Rows(
            name, files.GetValueOrDefault(name) ?? throw ArchiveErrors.Missing(ArchiveName, name), '\t', fields);

        int Paper(DelimitedRow row, int field) =>
            position.TryGetValue(row[field], out var paper) ? paper : throw row.Wrong(field, $"a paper of {Content}");
    }

    static int[] Words(DelimitedRow row) => [.. Enumerable.Range(0, Vocabulary).Where(word => row.Number(word + 1, 0, 1) == 1)];
}
