using System.CommandLine;
using MlPerfEdu.Data;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Workloads.Cli.Progress;
using MlPerfEdu.Workloads.Cli.State;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Cli.Commands;

sealed class DataFetchCommand : CliCommand
{
    readonly Argument<string[]> _ids = ManyValues("ID", "Data sets to download into the cache");

    public DataFetchCommand()
        : base("fetch", "Download data sets, showing their licence and terms first. A stopped download goes on where it was.",
            new("data fetch mnist", "12 MB; nothing is downloaded when it is already at hand."),
            new("data fetch mnist cifar10", "One after the other; a failing one does not stop the next."))
    {
        _ids.Arity = ArgumentArity.OneOrMore;
        Add(_ids);
    }

    protected override ExitCode Execute(ParseResult parse, Session session)
    {
        List<DataSetEntry> entries = [.. parse.GetValue(_ids)!.Distinct().Select(session.DataSet)];
        using var fetcher = session.Host.Fetcher();
        var results = entries.Select(entry => One(entry, fetcher, session)).ToList();
        var failed = results.Exists(result => result.Error is not null);
        session.Answer(new { Passed = !failed, DataSets = results }, screen => Draw(screen, results));
        return failed ? ExitCode.Data : ExitCode.Ok;
    }

    static Result One(DataSetEntry entry, Fetcher fetcher, Session session)
    {
        ShowTerms(entry, session.Log);
        try
        {
            if (entry is { Kind: not DataSetKind.Embedded, CanBeFetched: false })
                throw CliErrors.NotFetchable(entry.Id, entry.Note ?? "");
            var found = session.Track(entry.Id, progress => session.Data
                .FetchAsync(entry.Id, fetcher, new FetchReporter(entry, progress), session.Host.Stop).GetAwaiter().GetResult());
            return new(entry.Id, found.Origin, [.. found.Files.Select(file => file.Path)], found.Files.Sum(file => file.Bytes), null);
        }
        catch (Exception error) when (error is DataException or CliException)
        {
            var failure = Failure.Of(error, session.Host.Stop);
            session.Log.Line($"error {failure.Code}: {failure.Message}", Tone.Bad);
            return new(entry.Id, DataOrigin.None, [], 0, failure.Result);
        }
    }

    static void ShowTerms(DataSetEntry entry, Screen log)
    {
        log.Line($"{entry.Id}: {entry.Title}{(DataSizes.Published(entry) is { } bytes ? $", {Units.Si(bytes, "B")}" : "")}");
        log.Line($"  licence: {entry.License}");
        log.Line($"  terms:   {entry.Terms}");
        log.Line($"  cite:    {entry.Cite}");
    }

    static void Draw(Screen screen, List<Result> results)
    {
        foreach (var result in results.Where(result => result.Error is null))
        {
            screen.Line(
                result.Origin == DataOrigin.Embedded
                    ? $"{result.Id}: generated on the spot, nothing to fetch"
                    : $"{result.Id}: {Units.Si(result.Bytes, "B")} in {Path.GetDirectoryName(result.Files[0])}, every byte as pinned",
                Tone.Good);
        }

        foreach (var result in results.Where(result => result.Error is not null))
            screen.Line($"{result.Id}: not fetched ({result.Error!.Code})", Tone.Bad);
    }

    sealed record Result(string Id, DataOrigin Origin, IReadOnlyList<string> Files, long Bytes, ErrorResult? Error);
}
