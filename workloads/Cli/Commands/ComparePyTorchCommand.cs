using System.CommandLine;
using MlPerfEdu.Generator;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Workloads.Cli.Report;
using MlPerfEdu.Workloads.Compare;

namespace MlPerfEdu.Workloads.Cli.Commands;

sealed class ComparePyTorchCommand : CliCommand
{
    const int UsualTurns = 25;

    readonly Argument<string[]> _ids = ManyValues("ID", "Workloads to compare; without one, all that have a twin");
    readonly Option<int> _turns = new("--turns")
    {
        Description = $"How often each side has its turn, at least {Comparison.FewestTurns}",
        HelpName = "N",
        DefaultValueFactory = _ => UsualTurns,
    };
    readonly Option<bool> _writeReadme = new("--write-readme")
    {
        Description = "Put the table between the pytorch marks of README.md; not with ids",
    };

    public ComparePyTorchCommand()
        : base("pytorch", "Time each workload's step against its twin in plain PyTorch, turn by turn on the same threads and BLAS.",
            new("compare pytorch", "Every workload that has a twin; leave the machine alone meanwhile."),
            new("compare pytorch anomaly-ae-train --turns 51", "One of them, with a narrower interval."))
    {
        Add(_ids);
        Add(_turns);
        Add(_writeReadme);
        _turns.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(int.TryParse(token.Value, out var turns) && turns >= Comparison.FewestTurns))
                result.AddError($"--turns '{token.Value}' is not a whole number from {Comparison.FewestTurns}.");
        });
        Validators.Add(result =>
        {
            if (result.GetResult(_writeReadme) is { Implicit: false } && result.GetResult(_ids) is { Tokens.Count: > 0 })
                result.AddError("--write-readme puts one run of all workloads into the table: leave the ids out.");
        });
    }

    protected override ExitCode Execute(ParseResult parse, Session session)
    {
        var ids = parse.GetValue(_ids)!;
        List<ModelEntry> entries = ids.Length > 0
            ? [.. ids.Distinct().Select(session.Workload)]
            : [.. session.Catalog.Models.Where(entry => File.Exists(session.Repository.TwinOf(entry.Id)))];
        // Not after minutes of comparing.
        if (parse.GetValue(_writeReadme))
            ReadmeTable.Check(session.Repository.Readme, ReadmeTable.PyTorch);
        var torch = session.Host.Torch();
        var python = PythonFinder.Find(session.Host.Variable, session.Host.Stop);
        var bench = new PyTorchBench(python, session.Repository.TwinHost, torch.Threads);
        var series = new ComparisonSeries(session, bench, parse.GetValue(_turns));
        series.Run(entries);

        var report = new PyTorchReport(session.Facts.CpuModel, torch, series.Comparisons);
        bool? written = parse.GetValue(_writeReadme) && series.Exit == ExitCode.Ok
            ? ReadmeTable.Write(session.Repository.Readme, ReadmeTable.PyTorch, report.Markdown())
            : null;
        session.Answer(
            new
            {
                bench.Python,
                torch.Threads,
                torch.Libtorch,
                Comparisons = series.Comparisons.Select(PyTorchReport.Row),
                series.Errors,
                ReadmeChanged = written,
            },
            screen => report.Draw(screen, written));
        return series.Exit;
    }
}
