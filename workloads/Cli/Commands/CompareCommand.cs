using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Compare;
using MlPerfEdu.Engine.Running;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Report;

namespace MlPerfEdu.Cli.Commands;

/// <summary>Times the steps of workloads in turns with those of a peer.</summary>
abstract class CompareCommand : CliCommand
{
    const int UsualTurns = 25;
    readonly Argument<string[]> ids;
    readonly Option<int> turns = WholeNumber(
        WithDefault("--turns", $"Number of turns that each side takes, at least {Comparison.FewestTurns}", "N", UsualTurns), Comparison.FewestTurns);
    readonly Option<bool> writeReadme;

    /// <param name="name">Of the command, and of the marks of its table in RESULTS.md.</param>
    /// <param name="compared">Which workloads can be.</param>
    protected CompareCommand(string name, string description, string compared, params IReadOnlyList<Example> examples)
        : base(name, description, examples)
    {
        ids = ManyValues("ID", $"Workloads to compare; by default all that have {compared}");
        writeReadme = new("--write-readme") { Description = $"Put the table between the {name} marks of RESULTS.md; with ids, only their rows" };
    }

    protected Option<int> TurnsOption => turns;

    protected Option<bool> WriteReadme => writeReadme;

    protected override IReadOnlyList<Symbol> Inputs => [ids, turns, writeReadme];

    protected abstract (Peer Peer, CompareReport Report) Prepare(Invocation invocation);

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var (named, write) = (Named(parse, invocation), parse.GetValue(writeReadme));
        // Now, not after minutes of comparing.
        if (write)
            ReadmeTable.Check(invocation.Repository.Results, Name);
        var (peer, report) = Prepare(invocation);
        var errors = ForEach(named, invocation.Catalog.Models, peer.Missing, invocation, (entry, progress) =>
            report.Comparisons.Add(Compare(peer, entry, parse.GetValue(turns), invocation, progress)));
        bool? written = write && errors.Count == 0 ? ReadmeTable.Write(invocation.Repository.Results, Name, report.Markdown(Kept())) : null;
        invocation.Answer(report.Document(errors, written), screen => report.Draw(screen, written));
        return ExitOf(errors);

        ComparedTable Kept() => ComparedTable.Of(
            named.Count > 0 ? ReadmeTable.Read(invocation.Repository.Results, Name) : "", [.. invocation.Catalog.Models.Select(entry => entry.Id)]);
    }

    protected List<ModelEntry> Named(ParseResult parse, Invocation invocation) => [.. parse.GetValue(ids)!.Distinct().Select(invocation.Workload)];

    /// <summary>Every named workload, or else all that the work can be done with; a failure must not stop the others.</summary>
    /// <param name="missing">Why it cannot.</param>
    /// <returns>What failed, by id.</returns>
    protected static SortedDictionary<string, ErrorResult> ForEach(
        List<ModelEntry> named, IEnumerable<ModelEntry> all, Func<ModelEntry, EnvironmentProblem?> missing, Invocation invocation,
        Action<ModelEntry, IRunProgress> work)
    {
        var errors = new SortedDictionary<string, ErrorResult>(StringComparer.Ordinal);
        foreach (var entry in named.Count > 0 ? named : all)
        {
            var problem = missing(entry);
            if (problem is not null && named.Count == 0)
            {
                invocation.Remark($"left out: {problem.Message}");
                continue;
            }
            try
            {
                if (problem is not null)
                    throw problem;
                invocation.Track(entry.Id, progress =>
                {
                    work(entry, progress);
                    return true;
                });
            }
#pragma warning disable CA1031 // A failing comparison must not stop the others; it is in the answer and the exit code.
            catch (Exception error) when (!invocation.Stop.IsCancellationRequested)
#pragma warning restore CA1031
            {
                var failure = Failure.Of(error, invocation.Stop);
                invocation.Log.Line($"error {failure.Code}: {entry.Id}: {failure.Message}", Tone.Bad);
                errors[entry.Id] = failure.Result;
            }
        }
        return errors;
    }

    protected static ExitCode ExitOf(SortedDictionary<string, ErrorResult> errors) =>
        errors.Count == 0 ? ExitCode.Ok : (ExitCode)errors.Values.First().ExitCode;

    static Comparison Compare(Peer peer, ModelEntry entry, int turns, Invocation invocation, IRunProgress progress)
    {
        progress.Report("data", 0, "");
        RunEnvironment.ReleaseUnusedMemory();
        using var ours = invocation.Services.Contestants(invocation.Repository, invocation.Catalog, entry, peer.BookOptimizer, progress, invocation.Stop);
        return peer.Compare(entry, ours, turns, progress, invocation.Stop);
    }
}

/// <summary>What a comparison found, for people and for programs.</summary>
abstract class CompareReport(string cpu, TorchFacts torch)
{
    public List<Comparison> Comparisons { get; } = [];

    protected TorchFacts Torch => torch;

    /// <summary>The heading of the peer's times.</summary>
    protected abstract string Theirs { get; }

    /// <summary>What the ratio is above ours.</summary>
    protected abstract string TheirStep { get; }

    /// <summary>What the two sides run on.</summary>
    protected abstract string Sides { get; }

    public abstract object Document(IReadOnlyDictionary<string, ErrorResult> errors, bool? written);

    /// <param name="kept">Rows of other workloads that stay.</param>
    public string Markdown(ComparedTable kept)
    {
        if (Comparisons.Count == 0)
            return "Nothing was compared.\n";
        var table = new TextTable(1, Headings);
        foreach (var row in kept.With(Setup, [.. Comparisons.Select(Cells)]))
            table.Row(row);
        return SafeText.Lines(
            $"{Setup}\n\n{table}\nMedians of turns that alternate; the ratio is {TheirStep} over ours, taken turn by turn.\n");
    }

    public void Draw(Screen screen, bool? written)
    {
        if (Comparisons.Count == 0)
        {
            screen.Line("Nothing was compared.");
            return;
        }
        screen.Line(Setup);
        screen.Table(
            [Headings[0], .. Headings.Skip(1).Select(heading => $">{heading}")], Comparisons,
            comparison => [.. Cells(comparison).Select(Cell.FromString)]);
        if (written is { } changed)
            screen.Line(ReadmeTable.Answer("RESULTS.md", changed));
    }

    protected string Machine => $"{cpu}, {torch.Threads} thread{(torch.Threads == 1 ? "" : "s")}";

    string Setup => $"{Sides}; {Machine}.";

    string[] Headings => ["workload", "batch", "step", Theirs, "steps/s", Theirs, "ratio", "95 % interval"];

    static string[] Cells(Comparison comparison) =>
    [
        comparison.Id,
        $"{comparison.Batch}",
        Units.Seconds(comparison.OurStep),
        Units.Seconds(comparison.TheirStep),
        Rate(comparison.OurStep),
        Rate(comparison.TheirStep),
        Units.Ratio(comparison.Ratio),
        $"{comparison.RatioInterval.Low:0.00} to {comparison.RatioInterval.High:0.00}",
    ];

    static string Rate(double seconds) => seconds <= 0.01 ? $"{1 / seconds:0}" : $"{1 / seconds:0.0}";
}

/// <summary>A table that an earlier comparison wrote: what the two sides ran on, and its rows.</summary>
sealed record ComparedTable(string Setup, IReadOnlyList<string[]> Rows, IReadOnlyList<string> Order)
{
    /// <param name="text">Between the marks of RESULTS.md; empty for a table that is to be written as a whole.</param>
    /// <param name="order">Of the workloads.</param>
    public static ComparedTable Of(string text, IReadOnlyList<string> order)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var rows = lines.Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Select(line => line.Split('|')[1..^1].Select(cell => cell.Trim()).ToArray());
        return new(lines.FirstOrDefault("").Trim(), [.. rows.Where(row => order.Contains(row[0]))], order);
    }

    /// <summary>The measured rows, and those of other workloads that were measured on the same two sides.</summary>
    public IEnumerable<string[]> With(string setup, IReadOnlyList<string[]> measured)
    {
        List<string[]> kept = [.. Rows.Where(row => measured.All(other => other[0] != row[0]))];
        if (kept.Count > 0 && Setup != setup)
            throw CliErrors.OtherSetup(Setup, setup);
        return kept.Concat(measured).OrderBy(row => Order.ToList().IndexOf(row[0]));
    }
}
