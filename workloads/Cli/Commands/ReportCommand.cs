using MlPerfEdu.Cli.Page;
using MlPerfEdu.Roofline.Report.Plots;

namespace MlPerfEdu.Cli.Commands;

sealed class ReportCommand() : CliCommand(
    "report", "Show the newest evidence of each workload in a table, or write it as Markdown.",
    new("report", "Four columns, for a terminal."),
    new("report --markdown >> \"$GITHUB_STEP_SUMMARY\"", "In the summary of a job."),
    new("report --html results.html", "One page that needs no network and checks itself in the browser."),
    new("report --write-readme", "The baselines, in README.md (five columns and a plot) and RESULTS.md (all columns)."))
{
    readonly Option<bool> markdown = new("--markdown") { Description = "All columns, as Markdown" };
    readonly Option<bool> writeReadme = new("--write-readme")
        { Description = "Put the committed baselines between the results marks of README.md and RESULTS.md, and draw their roofline" };

    readonly Option<string?> html = new("--html")
        { Description = "Write a page to this file: results, rooflines, curves, history, and the sidecars that prove them", HelpName = "FILE" };

    protected override IReadOnlyList<Symbol> Inputs => [markdown, writeReadme, html];

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        if (parse.GetValue(html) is { } file)
            return WritePage(file, invocation);
        var write = parse.GetValue(writeReadme);
        var report = new ResultsReport(invocation.Catalog, invocation.Evidence, committedOnly: write);
        invocation.RemarkPassedOver();
        foreach (var id in report.Missing)
            invocation.Remark($"no evidence of {id}; `mlperfedu run {id}` makes some.");
        bool? written = write ? report.Write(invocation.Repository) : null;
        invocation.Answer(
            new
            {
                Markdown = report.Markdown(), Trust = report.Records.Select(record => new { record.Workload.Id, Level = report.Levels[record.Workload.Id].Name() }),
                Workloads = report.Records.Select(record => record.Workload.Id), report.Missing,
                ReadmeChanged = written,
            },
            screen =>
            {
                if (written is { } changed)
                    screen.Line(ReadmeTable.Answer("README.md and RESULTS.md", changed));
                else if (parse.GetValue(markdown))
                    screen.Line($"{report.Markdown().TrimEnd()}\n{report.Trust()}".TrimEnd());
                else
                    report.Draw(screen);
            });
        return ExitCode.Ok;
    }

    static ExitCode WritePage(string file, Invocation invocation)
    {
        var data = new ReportPage(invocation).Data();
        invocation.RemarkPassedOver();
        var page = HtmlPage.Of(data);
        AtomicFile.Write(file, page);
        invocation.Answer(
            new { File = Path.GetFullPath(file), Bytes = page.Length, Rows = data.Rows.Count, data.Missing },
            screen => screen.Line($"{file}: {data.Rows.Count} sidecars in {Units.Si(page.Length, "B")}. Open it in a browser; it needs no network."));
        return ExitCode.Ok;
    }
}

/// <summary>The newest evidence of each workload, compared with its baseline.</summary>
sealed class ResultsReport
{
    const int LongestMetric = 19;

    readonly Dictionary<string, EvidenceRecord> baselines = [];

    /// <param name="committedOnly">Reports what every clone has, not the runs of this one.</param>
    public ResultsReport(WorkloadCatalog catalog, EvidenceStore evidence, bool committedOnly)
    {
        foreach (var entry in catalog.Models)
        {
            if ((committedOnly ? evidence.Baseline(entry.Id) : evidence.Newest<EvidenceRecord>(entry.Id)?.Record) is not { } record)
            {
                Missing.Add(entry.Id);
                continue;
            }
            Records.Add(record);
            Levels[entry.Id] = evidence.LevelOf(record);
            if (evidence.Baseline(entry.Id, record.Machine.Class) is { } baseline)
                baselines[entry.Id] = baseline;
        }
    }

    public List<EvidenceRecord> Records { get; } = [];
    public List<string> Missing { get; } = [];

    /// <summary>How far each record can be believed, by its workload.</summary>
    public Dictionary<string, TrustLevel> Levels { get; } = [];

    /// <summary>The footnote of the table: what most records have, and who has less or more.</summary>
    public string Trust()
    {
        var groups = Levels.GroupBy(level => level.Value, level => level.Key).OrderBy(level => level.Count()).ThenBy(level => level.Key).ToList();
        return SafeText.Lines(string.Concat(groups.Select((level, index) =>
            $"Trust: {level.Key.Name()} ({level.Key.Meaning()}): {(index == groups.Count - 1 ? index == 0 ? "all of them" : "all others" : string.Join(", ", level))}.\n")));
    }

    /// <summary>Whether a file changed.</summary>
    public bool Write(Repository repository)
    {
        ReadmeTable.Check(repository.Results, ReadmeTable.Results);
        var readme = ReadmeTable.Write(repository.Readme, ReadmeTable.Results, Short());
        var results = ReadmeTable.Write(repository.Results, ReadmeTable.Results, Markdown());
        if (Plot() is { } plot)
            AtomicFile.Write(repository.RooflinePlot, Encoding.UTF8.GetBytes(plot.Svg()));
        return readme || results;
    }

    /// <summary>For a terminal: no wider than a hundred columns.</summary>
    public void Draw(Screen screen)
    {
        if (Records.Count == 0)
        {
            screen.Line("No evidence yet.");
            return;
        }
        screen.Line($"Measured on {ResultsTable.Machines(Records)}.");
        screen.Table(["workload", "score", "step limited by", ">step"], Records, record => Row(record));
        screen.Line(Trust().TrimEnd(), Tone.Faint);
        screen.Line("Unofficial results, not verified by MLCommons. `report --markdown` has all columns.", Tone.Faint);
    }

    static Cell[] Row(EvidenceRecord record)
    {
        var (target, met, steps) = (record.Quality.Target, record.Validity.All(line => line.Met), record.Measurement.StepSeconds);
        // A longer name would not leave room for the rest.
        var metric = target.Metric.Length <= LongestMetric ? target.Metric : $"{target.Metric[..(LongestMetric - 1)]}…";
        var score = $"{metric} {QualityCheck.Text(target.Value)}{(target.Met ? "" : ", not")} {target.Bound.Sign()} {QualityCheck.Text(target.Limit)}";
        return
        [
            record.Workload.Id, new(met || !target.Met ? score : $"{score}, but FAIL", met ? Tone.Good : Tone.Bad), Limit.Word(record),
            steps.Count > 0 ? Units.Seconds(Statistics.Median(steps)) : Describe.None,
        ];
    }

    public string Short() => SafeText.Lines(Records.Count == 0
        ? "No evidence yet.\n"
        : $"{ResultsTable.Short(Records)}\nMeasured on {ResultsTable.Machines(Records)}.\n");

    /// <summary>Of the machine with the newest baseline.</summary>
    Plot? Plot() => Records.MaxBy(record => record.MeasuredAt, StringComparer.Ordinal) is { } newest
        ? RooflinePlot.Of(newest.Peaks, newest.Machine.Facts.CpuModel,
            [.. Records.Where(record => record.Machine.Fingerprint == newest.Machine.Fingerprint)])
        : null;

    public string Markdown() => SafeText.Lines(Records.Count == 0
        ? "No evidence yet.\n"
        : $"""
            Measured on {ResultsTable.Machines(Records)}.

            {ResultsTable.Render(Records, baselines)}
            Unofficial results, not verified by MLCommons. "met" covers the target and every other constraint of a run.

            """);
}

/// <summary>Puts a text between the two marks of a Markdown file and leaves everything else as it is.</summary>
static class ReadmeTable
{
    public const string Results = "results";
    public const string PyTorch = "pytorch";
    public const string TorchSharp = "torchsharp";
    public const string Races = "until-target";

    /// <summary>Whether the file changed.</summary>
    public static bool Write(string path, string table, string text)
    {
        var encoding = new UTF8Encoding(false, throwOnInvalidBytes: true);
        var before = encoding.GetString(File.ReadAllBytes(path));
        var after = Replace(before, table, text, path);
        if (after == before)
            return false;
        AtomicFile.Write(path, encoding.GetBytes(after));
        return true;
    }

    /// <summary>What is between the marks.</summary>
    public static string Read(string path, string table)
    {
        var markdown = File.ReadAllText(path);
        var (begin, end) = Marks(markdown, table, path);
        return markdown[begin..end];
    }

    public static string Answer(string file, bool changed) => $"{file}: {(changed ? "the new table is in" : "this table was there already")}.";

    /// <exception cref="CliException">The file has no place for the table.</exception>
    public static void Check(string path, string table) => Replace(File.ReadAllText(path), table, "", path);

    public static string Replace(string markdown, string table, string text, string path)
    {
        var (begin, end) = Marks(markdown, table, path);
        var newLine = markdown.Contains("\r\n") ? "\r\n" : "\n";
        return $"{markdown[..begin]}{newLine}{text.Trim().ReplaceLineEndings(newLine)}{newLine}{markdown[end..]}";
    }

    // Where the text between them begins and ends.
    static (int Begin, int End) Marks(string markdown, string table, string path)
    {
        var (beginMark, endMark) = ($"<!-- {table}:begin -->", $"<!-- {table}:end -->");
        var begin = markdown.IndexOf(beginMark, StringComparison.Ordinal);
        var end = markdown.IndexOf(endMark, StringComparison.Ordinal);
        if (begin < 0 || end < begin || markdown.LastIndexOf(beginMark, StringComparison.Ordinal) != begin
            || markdown.LastIndexOf(endMark, StringComparison.Ordinal) != end)
            throw CliErrors.MarkersMissing(path, beginMark, endMark);
        return (begin + beginMark.Length, end);
    }
}
