using System.CommandLine;
using MlPerfEdu.Data;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Workloads.Cli.State;

namespace MlPerfEdu.Workloads.Cli.Commands;

sealed class DataVerifyCommand : CliCommand
{
    readonly Argument<string[]> _ids = ManyValues("ID", "Data sets; without one, all that are here");

    public DataVerifyCommand()
        : base("verify", "Check every byte of the data sets that are here against their pinned digests.",
            new("data verify", "Everything that is at hand; what is not here is no mistake."),
            new("data verify mnist", "One data set, which must be here."))
    {
        Add(_ids);
    }

    protected override ExitCode Execute(ParseResult parse, Session session)
    {
        var ids = parse.GetValue(_ids)!;
        var named = ids.Length > 0;
        List<DataSetEntry> entries = named ? [.. ids.Distinct().Select(session.DataSet)] : [.. session.Data.Catalog.Entries];
        var data = new DataAtHand(session.Data);
        var rows = session.Track("data verify", progress => entries.Select((entry, index) =>
        {
            progress.Report(entry.Id, (double)index / entries.Count, "");
            return RowOf(data.Of(entry.Id), named);
        }).ToList());

        var failed = rows.Exists(row => row.Verdict is Verdict.Damaged or Verdict.Missing);
        session.Answer(new { Passed = !failed, DataSets = rows }, screen => Draw(screen, rows));
        return failed ? ExitCode.Data : ExitCode.Ok;
    }

    static Row RowOf(DataStatus status, bool named) => new(
        status.Dataset,
        status switch
        {
            { Damage: not null } => Verdict.Damaged,
            { Origin: DataOrigin.Embedded } => Verdict.Generated,
            { AtHand: true } => Verdict.Intact,
            _ => named ? Verdict.Missing : Verdict.NotHere,
        },
        status.Damage,
        status.Reason.Length > 0 ? status.Reason : null,
        [.. status.Files.Select(file => new FileRow(file.Name, file.Bytes, file.Sha256, file.Pinned))]);

    static void Draw(Screen screen, List<Row> rows)
    {
        var grid = new Grid("data set", "verdict", ">files", ">size");
        foreach (var row in rows)
        {
            grid.Add(row.Id, Word(row.Verdict), row.Files.Count == 0 ? Describe.None : $"{row.Files.Count}",
                row.Files.Count == 0 ? Describe.None : Units.Si(row.Files.Sum(file => file.Bytes), "B"));
        }

        screen.Table(grid);
        foreach (var row in rows.Where(row => row.Verdict is Verdict.Damaged or Verdict.Missing))
            screen.Line($"error {row.Damage ?? CliErrors.DataSetMissingCode}: {row.Id}: {row.Reason}", Tone.Bad);
    }

    static Cell Word(Verdict verdict) => verdict switch
    {
        Verdict.Intact => new("intact", Tone.Good),
        Verdict.Generated => new("generated", Tone.Good),
        Verdict.NotHere => new("not here", Tone.Faint),
        Verdict.Missing => new("MISSING", Tone.Bad),
        _ => new("DAMAGED", Tone.Bad),
    };

    enum Verdict
    {
        Intact,
        Generated,
        NotHere,
        Missing,
        Damaged,
    }

    sealed record Row(string Id, Verdict Verdict, string? Damage, string? Reason, IReadOnlyList<FileRow> Files);

    sealed record FileRow(string Name, long Bytes, string Sha256, bool Pinned);
}
