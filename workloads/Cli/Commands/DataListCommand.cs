using System.CommandLine;
using MlPerfEdu.Data;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Workloads.Cli.State;

namespace MlPerfEdu.Workloads.Cli.Commands;

sealed class DataListCommand : CliCommand
{
    public DataListCommand()
        : base("list", "Show every data set: whether it is at hand, its size, its licence.",
            new("data list", "What is here and what `data fetch` could bring."),
            new("data list --json", "The same with every file, for a script."))
    {
    }

    protected override ExitCode Execute(ParseResult parse, Session session)
    {
        var data = new DataAtHand(session.Data);
        List<Row> rows = [.. session.Data.Catalog.Entries.Select(entry => RowOf(entry, data.Of(entry.Id)))];
        session.Answer(new { DataSets = rows }, screen => Draw(screen, rows));
        return ExitCode.Ok;
    }

    static Row RowOf(DataSetEntry entry, DataStatus status) => new(
        entry.Id, entry.Title, entry.Kind, status.Origin, status.Damage, status.Reason.Length == 0 ? null : status.Reason,
        DataSizes.Published(entry), entry.License, entry.Terms, entry.Cite, entry.Note, entry.Splits,
        [.. status.Files.Select(file => new FileRow(file.Name, file.Path, file.Bytes, file.Sha256))]);

    static void Draw(Screen screen, List<Row> rows)
    {
        var grid = new Grid("id", "kind", "at hand", ">size", "samples", "licence");
        foreach (var row in rows)
        {
            grid.Add(row.Id, KindOf(row.Kind), Where(row), row.Bytes is { } bytes ? Units.Si(bytes, "B") : Describe.None,
                string.Join(", ", row.Splits.Select(split => $"{split.Value:N0} {split.Key}")), row.License);
        }

        screen.Table(grid);
    }

    static Cell Where(Row row) => (row.Damage, row.Origin) switch
    {
        ({ } code, _) => new($"damaged ({code})", Tone.Bad),
        (_, DataOrigin.DataFolder) => new("MLPERFEDU_DATA", Tone.Good),
        (_, DataOrigin.Cache) => new("cache", Tone.Good),
        (_, DataOrigin.Embedded) => new("generated", Tone.Good),
        _ => new("no", Tone.Faint),
    };

    static string KindOf(DataSetKind kind) => kind == DataSetKind.ByHand ? "by hand" : kind.ToString().ToLowerInvariant();

    sealed record Row(
        string Id, string Title, DataSetKind Kind, DataOrigin Origin, string? Damage, string? Reason, long? Bytes, string License, string Terms, string Cite, string? Note,
        IReadOnlyDictionary<string, int> Splits, IReadOnlyList<FileRow> Files);

    sealed record FileRow(string Name, string Path, long Bytes, string Sha256);
}
