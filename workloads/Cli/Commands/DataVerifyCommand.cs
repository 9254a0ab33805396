using System.CommandLine;
using MlPerfEdu.Data;
using MlPerfEdu.Workloads.Cli.Output;

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
        var rows = session.Track("data verify", progress => entries.Select((entry, index) =>
        {
            progress.Report(entry.Id, (double)index / entries.Count, "");
            return Check(entry, session.Data, named);
        }).ToList());

        var failed = rows.Exists(row => row.Verdict is Verdict.Damaged or Verdict.Missing);
        session.Answer(new { Passed = !failed, DataSets = rows }, screen => Draw(screen, rows));
        return failed ? ExitCode.Data : ExitCode.Ok;
    }

    static Row Check(DataSetEntry entry, DataStore store, bool named)
    {
        List<FileRow> files = [.. store.Verify(entry.Id).Select(report => new FileRow(report.Path, report.Sha256, report.Problem is { } problem ? Failure.Of(problem, default).Result : null))];
        if (files.Exists(file => file.Error is not null))
            return new(entry.Id, Verdict.Damaged, files, null);
        var found = store.Resolve(entry.Id);
        var verdict = found switch
        {
            { Origin: DataOrigin.Embedded } => Verdict.Generated,
            { Available: true } => Verdict.Intact,
            _ => named ? Verdict.Missing : Verdict.NotHere,
        };
        return new(entry.Id, verdict, files, verdict == Verdict.Missing ? CliErrors.DataSetMissing(entry.Id, found.Reason) : null);
    }

    static void Draw(Screen screen, List<Row> rows)
    {
        var grid = new Grid("data set", "verdict", ">files");
        foreach (var row in rows)
            grid.Add(row.Id, Word(row.Verdict), row.Files.Count == 0 ? Describe.None : $"{row.Files.Count}");
        screen.Table(grid);
        foreach (var error in rows.SelectMany(row => row.Files.Select(file => file.Error).Prepend(row.Error)).OfType<ErrorResult>())
            screen.Line($"error {error.Code}: {error.Message}", Tone.Bad);
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

    sealed record Row(string Id, Verdict Verdict, IReadOnlyList<FileRow> Files, ErrorResult? Error);

    sealed record FileRow(string Path, string Sha256, ErrorResult? Error);
}
