using System.CommandLine;
using MlPerfEdu.Generator;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Workloads.Cli.State;

namespace MlPerfEdu.Workloads.Cli.Commands;

sealed class ListCommand : CliCommand
{
    readonly Option<string?> _suite = new("--suite") { Description = "Only the entries of this suite", HelpName = "NAME" };

    public ListCommand()
        : base("list", "Show every workload, the data it would run on here, and its baseline; and every experiment.",
            new("list", "All workloads of workloads.yaml."),
            new("list --suite tiny --json", "One suite, for a script."))
    {
        Add(_suite);
    }

    protected override ExitCode Execute(ParseResult parse, Session session)
    {
        var entries = parse.GetValue(_suite) is { } suite ? session.Suite(suite) : session.Catalog.Entries;
        var data = new DataAtHand(session.Data);
        var machineClass = session.MachineClass;
        List<Row> rows = [.. entries.OfType<ModelEntry>().Select(entry => RowOf(entry, session.Catalog.TrainerOf(entry), data, machineClass))];
        List<Question> questions = [.. entries.OfType<ExperimentEntry>().Select(QuestionOf)];
        session.Answer(
            new { MachineClass = machineClass, Workloads = rows, Experiments = questions },
            screen =>
            {
                if (rows.Count > 0)
                    Draw(screen, rows, machineClass);
                if (questions.Count > 0)
                    Draw(screen, questions);
            });
        return ExitCode.Ok;
    }

    static Row RowOf(ModelEntry entry, WorkloadEntry trainer, DataAtHand data, string machineClass)
    {
        var choice = data.FirstAtHand(trainer);
        var damaged = trainer.Data.Select(item => data.Of(item.Dataset)).FirstOrDefault(status => status.Damage is not null);
        return new(entry.Id, entry.Suite, entry.Scenario, entry.Params, choice?.Dataset, choice?.Tier, damaged?.Dataset, damaged?.Damage,
            entry is InferenceEntry inference ? Describe.Checks(inference) : choice is null ? null : Describe.Targets(choice), BaselineOf(entry.Regimes.GetValueOrDefault(machineClass)), [.. entry.Regimes.Keys.Order(StringComparer.Ordinal)]);
    }

    static Baseline? BaselineOf(RegimeBlock? block) => block is null
        ? null
        : new(block.WorkingSet.Value, block.ArithmeticIntensity.Value, block.Dispatch.Value, block.EvidenceSidecar, block.MeasuredAt);

    static void Draw(Screen screen, List<Row> rows, string machineClass)
    {
        var grid = new Grid("id", "suite", "scenario", ">params", "data at hand", "target", $"baseline on {machineClass}");
        foreach (var row in rows)
        {
            grid.Add(row.Id, row.Suite, row.Scenario, $"{row.Params:N0}", DataCell(row), row.Target ?? Describe.None,
                row.Baseline is { } baseline
                    ? string.Join(" / ", baseline.WorkingSet, baseline.ArithmeticIntensity, baseline.Dispatch)
                    : new Cell("none yet", Tone.Faint));
        }

        screen.Table(grid);
    }

    static Question QuestionOf(ExperimentEntry entry) =>
        new(entry.Id, entry.Suite, entry.Question, [.. entry.Checks.Select(Describe.Target)]);

    static void Draw(Screen screen, List<Question> questions)
    {
        var grid = new Grid("experiment", "suite", "question", "checks");
        foreach (var question in questions)
            grid.Add(question.Id, question.Suite, question.Text, string.Join(", ", question.Checks));
        screen.Line();
        screen.Table(grid);
    }

    static Cell DataCell(Row row) => row switch
    {
        { Damage: { } code } => new($"{row.DamagedDataset} is damaged ({code})", Tone.Bad),
        { Dataset: { } dataset } => new($"{dataset} ({row.DataTier})"),
        _ => new("none", Tone.Warning),
    };

    sealed record Row(
        string Id, string Suite, string Scenario, long Params, string? Dataset, string? DataTier, string? DamagedDataset, string? Damage, string? Target, Baseline? Baseline,
        IReadOnlyList<string> BaselineClasses);

    sealed record Question(string Id, string Suite, string Text, IReadOnlyList<string> Checks);

    sealed record Baseline(string WorkingSet, string ArithmeticIntensity, string Dispatch, string EvidenceSidecar, string MeasuredAt);
}
