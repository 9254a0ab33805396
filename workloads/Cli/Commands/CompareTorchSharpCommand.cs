using MlPerfEdu.Engine.Compare;
using MlPerfEdu.Roofline;

namespace MlPerfEdu.Cli.Commands;

sealed class CompareTorchSharpCommand : CompareCommand
{
    readonly Option<bool> untilTarget = new("--until-target")
        { Description = "Train to the target instead: as the workload is, and by the book with the original's recipe" };

    public CompareTorchSharpCommand() : base(
        ReadmeTable.TorchSharp, "Time each workload's step against the same step by the book: plain TorchSharp, in alternating turns on the same threads.",
        "a step by the book",
        new("compare torchsharp", "Every workload that has a step by the book; do not use the machine meanwhile."),
        new("compare torchsharp anomaly-ae-train --turns 51", "One of them, with a narrower confidence interval."),
        new("compare torchsharp nanogpt-train --until-target", "How long both train until they meet the target; takes minutes.")) =>
        Validators.Add(result =>
        {
            if (result.GetResult(untilTarget) is { Implicit: false } && result.GetResult(TurnsOption) is { Implicit: false })
                result.AddError("--until-target takes no turns: leave --turns out.");
        });

    protected override IReadOnlyList<Symbol> Inputs => [.. base.Inputs, untilTarget];

    protected override (Peer Peer, CompareReport Report) Prepare(Invocation invocation) =>
        (new BookPeer(), new TorchSharpReport(invocation.Facts.CpuModel, invocation.Services.Torch()));

    protected override ExitCode Execute(ParseResult parse, Invocation invocation) =>
        parse.GetValue(untilTarget) ? Race(parse, invocation) : base.Execute(parse, invocation);

    ExitCode Race(ParseResult parse, Invocation invocation)
    {
        var (races, write) = (new List<TargetRace>(), parse.GetValue(WriteReadme));
        if (write)
            ReadmeTable.Check(invocation.Repository.Results, ReadmeTable.Races);
        var errors = ForEach(
            Named(parse, invocation), invocation.Catalog.Models.OfType<WorkloadEntry>(), TargetRace.Missing, invocation, (entry, progress) =>
                races.Add(invocation.Services.TargetRaces(
                    invocation.Repository, invocation.Catalog, (WorkloadEntry)entry, progress, invocation.Stop)));
        bool? written = write && errors.Count == 0
            ? ReadmeTable.Write(invocation.Repository.Results, ReadmeTable.Races, RaceReport.Markdown(races, invocation.Facts.CpuModel, invocation.Services.Torch()))
            : null;
        invocation.Answer(
            new { Races = races.Select(RaceReport.Row), Errors = errors, ReadmeChanged = written }, screen => RaceReport.Draw(screen, races, written));
        return races.Any(race => race.Ratio is null) ? ExitCode.Failed : ExitOf(errors);
    }
}

sealed class TorchSharpReport(string cpu, TorchFacts torch) : CompareReport(cpu, torch)
{
    protected override string Theirs => "by the book";

    protected override string TheirStep => "the step by the book";

    protected override string Sides => $"TorchSharp {Torch.TorchSharp} by the book and this project's steps, both on libtorch {Torch.Libtorch}";

    public override object Document(IReadOnlyDictionary<string, ErrorResult> errors, bool? written) => new
    {
        Torch.Threads, Torch.Libtorch, Torch.TorchSharp, Comparisons = Comparisons.Select(Row), Errors = errors, ReadmeChanged = written,
    };

    static object Row(Comparison comparison) => new
    {
        comparison.Id, comparison.Batch, comparison.StepsPerTurn, OurSeconds = comparison.OurStep,
        BookSeconds = comparison.TheirStep, comparison.Ratio, RatioLow = comparison.RatioInterval.Low,
        RatioHigh = comparison.RatioInterval.High, OurTurns = comparison.Ours, BookTurns = comparison.Theirs,
    };
}

/// <summary>Times to a target, one row for each workload.</summary>
static class RaceReport
{
    static readonly string[] Headings = ["workload", "data", "target", "to target", "by the book", "ratio"];

    public static void Draw(Screen screen, IReadOnlyList<TargetRace> races, bool? written)
    {
        if (races.Count == 0)
            screen.Line("Nothing was trained.");
        else
            screen.Table(
                [.. Headings[..3], .. Headings[3..].Select(heading => $">{heading}")], races,
                race => [.. Cells(race).Select(Cell.FromString)]);
        if (written is { } changed)
            screen.Line(ReadmeTable.Answer("RESULTS.md", changed));
    }

    public static string Markdown(IReadOnlyList<TargetRace> races, string cpu, TorchFacts torch)
    {
        var table = new TextTable(3, Headings);
        foreach (var race in races)
            table.Row(Cells(race));
        return SafeText.Lines($"TorchSharp {torch.TorchSharp}, libtorch {torch.Libtorch}; {cpu}, {torch.Threads} thread{(torch.Threads == 1 ? "" : "s")}.\n\n{table}\n");
    }

    static string[] Cells(TargetRace race) =>
    [
        race.Id, race.Dataset, $"{race.Target.Metric} {race.Target.Bound.Sign()} {race.Target.Limit}", Time(race.Ours), Time(race.Book),
        race.Ratio is { } ratio ? Units.Ratio(ratio) : "-",
    ];

    static string Time(RaceTime time) =>
        $"{(time.SecondsToTarget is { } seconds ? Units.Seconds(seconds) : $"missed ({QualityCheck.Text(time.Value)})")}, {time.Steps} steps, {time.Division}";

    public static object Row(TargetRace race) => new
    {
        race.Id, race.Dataset, race.Target.Metric, race.Target.Limit, race.Ratio, race.Ours, race.Book,
    };
}
