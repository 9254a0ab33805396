using MlPerfEdu.Engine.Compare;
using MlPerfEdu.Engine.Running;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Report;

namespace MlPerfEdu.Cli.Commands;

sealed class ComparePyTorchCommand : CliCommand
{
    const int UsualTurns = 25;
    readonly Argument<string[]> ids = ManyValues("ID", "Workloads to compare; by default all that have a twin.py");
    readonly Option<int> turns = WholeNumber(
        WithDefault("--turns", $"Number of turns that each side takes, at least {Comparison.FewestTurns}", "N", UsualTurns), Comparison.FewestTurns);
    readonly Option<bool> writeReadme = new("--write-readme")
        { Description = "Put the table between the pytorch marks of RESULTS.md; not together with ids" };

    public ComparePyTorchCommand() : base(
        "pytorch", "Time each workload's step against the same step in plain PyTorch, in alternating turns on the same threads and BLAS.",
        new("compare pytorch", "Every workload that has a PyTorch twin; do not use the machine meanwhile."),
        new("compare pytorch anomaly-ae-train --turns 51", "One of them, with a narrower confidence interval.")) =>
        Validators.Add(result =>
        {
            if (result.GetResult(writeReadme) is { Implicit: false } && result.GetResult(ids) is { Tokens.Count: > 0 })
                result.AddError("--write-readme puts one run of all workloads into the table: leave the ids out.");
        });

    protected override IReadOnlyList<Symbol> Inputs => [ids, turns, writeReadme];

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var ids = parse.GetValue(this.ids)!;
        List<ModelEntry> entries = ids.Length > 0
            ? [.. ids.Distinct().Select(invocation.Workload)]
            : [.. invocation.Catalog.Models.Where(entry => File.Exists(invocation.Repository.TwinOf(entry.Id)))];
        // Now, not after minutes of comparing.
        if (parse.GetValue(writeReadme))
            ReadmeTable.Check(invocation.Repository.Results, ReadmeTable.PyTorch);
        var torch = invocation.Services.Torch();
        var python = PythonFinder.Find(invocation.Services.Variable, invocation.Stop);
        var bench = new PyTorchBench(python, invocation.Repository.TwinHost, torch.Threads);
        var comparisons = new List<Comparison>();
        var errors = new SortedDictionary<string, ErrorResult>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            try
            {
                comparisons.Add(invocation.Track(entry.Id, progress => Compare(bench, entry, parse.GetValue(turns), invocation, progress)));
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
        var report = new PyTorchReport(invocation.Facts.CpuModel, torch, comparisons);
        bool? written = parse.GetValue(writeReadme) && errors.Count == 0
            ? ReadmeTable.Write(invocation.Repository.Results, ReadmeTable.PyTorch, report.Markdown())
            : null;
        invocation.Answer(
            new
            {
                Python = python, torch.Threads, torch.Libtorch,
                Comparisons = comparisons.Select(PyTorchReport.Row), Errors = errors, ReadmeChanged = written,
            },
            screen => report.Draw(screen, written));
        return errors.Count == 0 ? ExitCode.Ok : (ExitCode)errors.Values.First().ExitCode;
    }

    static Comparison Compare(PyTorchBench bench, ModelEntry entry, int turns, Invocation invocation, IRunProgress progress)
    {
        var twin = invocation.Repository.TwinOf(entry.Id);
        if (!File.Exists(twin))
            throw CompareErrors.NoTwin(entry.Id, invocation.Repository.Relative(twin));
        progress.Report("data", 0, "");
        RunEnvironment.ReleaseUnusedMemory();
        using var ours = invocation.Services.Contestants(invocation.Repository, invocation.Catalog, entry, progress, invocation.Stop);
        return bench.Compare(entry, ours, twin, turns, progress, invocation.Stop);
    }
}

sealed class PyTorchReport(string cpu, TorchFacts torch, IReadOnlyList<Comparison> comparisons)
{
    static readonly string[] Headings = ["workload", "batch", "step", "PyTorch's", "steps/s", "PyTorch's", "ratio", "95 % interval"];

    public string Markdown()
    {
        if (comparisons.Count == 0)
            return "Nothing was compared.\n";
        var table = new TextTable(1, Headings);
        foreach (var comparison in comparisons)
            table.Row(Cells(comparison));
        return SafeText.Lines(
            $"{Setup()}\n\n{table}\nMedians of turns that alternate; the ratio is PyTorch's step over ours, taken turn by turn.\n");
    }

    public void Draw(Screen screen, bool? written)
    {
        if (comparisons.Count == 0)
        {
            screen.Line("Nothing was compared.");
            return;
        }
        screen.Line(Setup());
        screen.Table(
            [Headings[0], .. Headings.Skip(1).Select(heading => $">{heading}")], comparisons,
            comparison => [.. Cells(comparison).Select(Cell.FromString)]);
        if (written is { } changed)
            screen.Line(ReadmeTable.Answer("RESULTS.md", changed));
    }

    public static object Row(Comparison comparison) => new
    {
        comparison.Id, comparison.Batch, comparison.StepsPerTurn, OurSeconds = comparison.OurStep,
        PytorchSeconds = comparison.TwinStep, comparison.Ratio, RatioLow = comparison.RatioInterval.Low,
        RatioHigh = comparison.RatioInterval.High, PytorchVersion = comparison.Twin.Torch,
        PytorchBlas = comparison.Twin.Blas, OurTurns = comparison.Ours, PytorchTurns = comparison.Twins,
    };

    string Setup()
    {
        var versions = string.Join(", ", comparisons.Select(comparison => comparison.Twin.Torch).Distinct());
        var libraries = comparisons.Select(comparison => Path.GetFileName(comparison.Twin.Blas)).Distinct().ToArray();
        var blas = libraries is [{ Length: > 0 } one] ? $" with {one}" : "";
        var threads = $"{torch.Threads} thread{(torch.Threads == 1 ? "" : "s")}";
        return $"PyTorch {versions}{blas} eager, against libtorch {torch.Libtorch} through TorchSharp {torch.TorchSharp}; {cpu}, {threads}.";
    }

    static string[] Cells(Comparison comparison) =>
    [
        comparison.Id,
        $"{comparison.Batch}",
        Units.Seconds(comparison.OurStep),
        Units.Seconds(comparison.TwinStep),
        Rate(comparison.OurStep),
        Rate(comparison.TwinStep),
        Units.Ratio(comparison.Ratio),
        $"{comparison.RatioInterval.Low:0.00} to {comparison.RatioInterval.High:0.00}",
    ];

    static string Rate(double seconds) => seconds <= 0.01 ? $"{1 / seconds:0}" : $"{1 / seconds:0.0}";
}
