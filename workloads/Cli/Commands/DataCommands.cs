namespace MlPerfEdu.Cli.Commands;

sealed class DataListCommand() : CliCommand(
    "list", "Show every data set: whether it is on this machine, its size and its licence.",
    new("data list", "Data sets that are here, and those that `data fetch` can download."),
    new("data list --json", "The same with every file, for a script."))
{
    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var data = new LocalData(invocation.Data);
        List<Row> rows = [.. invocation.Data.Catalog.Entries.Select(entry => RowOf(entry, data.Of(entry.Id)))];
        invocation.Answer(new { DataSets = rows }, screen => screen.Table(
            ["id", "kind", "here", ">size", "samples", "licence"], rows,
            row =>
            [
                row.Id, row.Kind == DataSetKind.ByHand ? "by hand" : row.Kind.ToString().ToLowerInvariant(), Place(row),
                row.Bytes is { } bytes ? Units.Si(bytes, "B") : Describe.None,
                string.Join(", ", row.Splits.Select(split => $"{split.Value:N0} {split.Key}")), row.License,
            ]));
        return ExitCode.Ok;
    }

    static Row RowOf(DataSetEntry entry, DataStatus status) => new(
        entry.Id, entry.Title, entry.Kind, status.Origin, status.Damage, status.Reason.Length == 0 ? null : status.Reason,
        LocalData.PublishedBytes(entry), entry.License, entry.Terms, entry.Cite, entry.Note, entry.Splits,
        [.. status.Files.Select(file => new FileRow(file.Name, file.Path, file.Bytes, file.Sha256))]);

    static Cell Place(Row row) => (row.Damage, row.Origin) switch
    {
        ({ } code, _) => new($"damaged ({code})", Tone.Bad),
        (_, DataOrigin.DataFolder) => new("MLPERFEDU_DATA", Tone.Good),
        (_, DataOrigin.Cache) => new("cache", Tone.Good),
        (_, DataOrigin.Embedded) => new("generated", Tone.Good),
        _ => new("no", Tone.Faint),
    };

    sealed record Row(
        string Id, string Title, DataSetKind Kind, DataOrigin Origin, string? Damage, string? Reason, long? Bytes, string License, string Terms,
        string Cite, string? Note, IReadOnlyDictionary<string, int> Splits, IReadOnlyList<FileRow> Files);

    sealed record FileRow(string Name, string Path, long Bytes, string Sha256);
}

sealed class DataFetchCommand() : CliCommand(
    "fetch", "Download data sets, after showing their licence and terms. A stopped download resumes where it was.",
    new("data fetch mnist", "12 MB, unless it is already here."),
    new("data fetch mnist cifar10", "One after the other; if one fails, the next is still fetched."))
{
    readonly Argument<string[]> ids = ManyValues("ID", "Data sets to download into the cache", ArgumentArity.OneOrMore);

    protected override IReadOnlyList<Symbol> Inputs => [ids];

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        List<DataSetEntry> entries = [.. parse.GetValue(ids)!.Distinct().Select(invocation.DataSet)];
        using var fetcher = invocation.Services.Fetcher();
        var results = entries.Select(entry => One(entry, fetcher, invocation)).ToList();
        var failed = results.Exists(result => result.Error is not null);
        invocation.Answer(new { Passed = !failed, DataSets = results }, screen => Draw(screen, results));
        return failed ? ExitCode.Data : ExitCode.Ok;
    }

    static Result One(DataSetEntry entry, Fetcher fetcher, Invocation invocation)
    {
        ShowTerms(entry, invocation.Log);
        try
        {
            if (entry is { Kind: not DataSetKind.Embedded, CanBeFetched: false })
                throw CliErrors.NotFetchable(entry.Id, entry.Note ?? "");
            var found = invocation.Track(entry.Id, progress => invocation.Data
                .FetchAsync(entry.Id, fetcher, new FetchReporter(entry, progress), invocation.Stop).GetAwaiter().GetResult());
            return new(entry.Id, found.Origin, [.. found.Files.Select(file => file.Path)], found.Files.Sum(file => file.Bytes), null);
        }
        catch (Exception error) when (error is DataException or CliException)
        {
            var failure = Failure.Of(error, invocation.Stop);
            invocation.Log.Line($"error {failure.Code}: {failure.Message}", Tone.Bad);
            return new(entry.Id, DataOrigin.None, [], 0, failure.Result);
        }
    }

    static void ShowTerms(DataSetEntry entry, Screen log)
    {
        log.Line($"{entry.Id}: {entry.Title}{(LocalData.PublishedBytes(entry) is { } bytes ? $", {Units.Si(bytes, "B")}" : "")}");
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
                    ? $"{result.Id}: generated when needed, nothing to fetch"
                    : $"{result.Id}: {Units.Si(result.Bytes, "B")} in {Path.GetDirectoryName(result.Files[0])}, every byte as pinned",
                Tone.Good);
        }
        foreach (var result in results.Where(result => result.Error is not null))
            screen.Line($"{result.Id}: not fetched ({result.Error!.Code})", Tone.Bad);
    }

    sealed record Result(string Id, DataOrigin Origin, IReadOnlyList<string> Files, long Bytes, ErrorResult? Error);
}

/// <summary>Shows the download of several files as one piece of work.</summary>
sealed class FetchReporter(DataSetEntry entry, IRunProgress progress) : IProgress<FetchProgress>
{
    readonly Dictionary<string, long> received = [];

    public void Report(FetchProgress value)
    {
        this.received[value.File] = value.Received;
        var (received, total) = (this.received.Values.Sum(), LocalData.PublishedBytes(entry) ?? value.Total);
        progress.Report("fetching", total > 0 ? (double)received / total : 0, $"{Units.Si(received, "B")} of {Units.Si(total, "B")}, {value.File}");
    }
}

sealed class DataVerifyCommand() : CliCommand(
    "verify", "Check every byte of the data sets on this machine against their pinned SHA-256.",
    new("data verify", "Every data set that is here; a missing one is not an error."),
    new("data verify mnist", "One data set, which must be here."))
{
    readonly Argument<string[]> ids = ManyValues("ID", "Data sets; by default all that are here");

    protected override IReadOnlyList<Symbol> Inputs => [ids];

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var ids = parse.GetValue(this.ids)!;
        var named = ids.Length > 0;
        List<DataSetEntry> entries = named ? [.. ids.Distinct().Select(invocation.DataSet)] : [.. invocation.Data.Catalog.Entries];
        var rows = invocation.Track("data verify", progress => entries.Select((entry, index) =>
        {
            progress.Report(entry.Id, (double)index / entries.Count, "");
            return Check(entry, invocation.Data, named);
        }).ToList());
        var failed = rows.Exists(row => row.Verdict is Verdict.Damaged or Verdict.Missing);
        invocation.Answer(new { Passed = !failed, DataSets = rows }, screen => Draw(screen, rows));
        return failed ? ExitCode.Data : ExitCode.Ok;
    }

    static Row Check(DataSetEntry entry, DataStore store, bool named)
    {
        List<FileRow> files = [.. store.Verify(entry.Id).Select(report =>
            new FileRow(report.Path, report.Sha256, report.Problem is { } problem ? Failure.Of(problem, default).Result : null))];
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
        screen.Table(
            ["data set", "verdict", ">files"], rows,
            row => [row.Id, Word(row.Verdict), row.Files.Count == 0 ? Describe.None : $"{row.Files.Count}"]);
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

    enum Verdict { Intact, Generated, NotHere, Missing, Damaged }

    sealed record Row(string Id, Verdict Verdict, IReadOnlyList<FileRow> Files, ErrorResult? Error);
    sealed record FileRow(string Path, string Sha256, ErrorResult? Error);
}
