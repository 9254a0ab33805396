namespace MlPerfEdu.Cli.Commands;

sealed class ListCommand() : CliCommand(
    "list", "Show every workload with the data it would run on here and its baseline, and every experiment.",
    new("list", "Everything in workloads.yaml."),
    new("list --suite tiny --json", "One suite, for a script."))
{
    readonly Option<string?> suite = new("--suite") { Description = "Only the entries of this suite", HelpName = "NAME" };

    protected override IReadOnlyList<Symbol> Inputs => [suite];

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var entries = parse.GetValue(this.suite) is { } suite ? invocation.Suite(suite) : invocation.Catalog.Entries;
        var data = new LocalData(invocation.Data);
        var machineClass = invocation.MachineClass;
        List<Row> rows = [.. entries.OfType<ModelEntry>().Select(entry => RowOf(entry, invocation.Catalog.TrainerOf(entry), data, machineClass))];
        List<Question> questions = [.. entries.OfType<ExperimentEntry>().Select(entry =>
            new Question(entry.Id, entry.Suite, entry.Question, [.. entry.Checks.Select(Describe.Target)]))];
        invocation.Answer(
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

    static Row RowOf(ModelEntry entry, WorkloadEntry trainer, LocalData data, string machineClass)
    {
        var choice = data.FirstAvailable(trainer);
        var damaged = trainer.Data.Select(item => data.Of(item.Dataset)).FirstOrDefault(status => status.Damage is not null);
        var target = entry is InferenceEntry inference ? Describe.Checks(inference) : choice is null ? null : Describe.Targets(choice);
        var baseline = entry.Regimes.TryGetValue(machineClass, out var block)
            ? new Baseline(block.WorkingSet.Value, block.ArithmeticIntensity.Value, block.Dispatch.Value, block.EvidenceSidecar, block.MeasuredAt)
            : null;
        return new(entry.Id, entry.Suite, entry.Scenario, entry.Params, choice?.Dataset, choice?.Tier, damaged?.Dataset, damaged?.Damage,
            target, baseline, [.. entry.Regimes.Keys.Order(StringComparer.Ordinal)]);
    }

    static void Draw(Screen screen, List<Row> rows, string machineClass) => screen.Table(
        ["id", "suite", "scenario", ">params", "data here", "target", $"baseline on {machineClass}"], rows,
        row =>
        [
            row.Id, row.Suite, row.Scenario, $"{row.Params:N0}",
            row switch
            {
                { Damage: { } code } => new($"{row.DamagedDataset} is damaged ({code})", Tone.Bad),
                { Dataset: { } dataset } => new($"{dataset} ({row.DataTier})"),
                _ => new("none", Tone.Warning),
            },
            row.Target ?? Describe.None,
            row.Baseline is { } baseline
                ? string.Join(" / ", baseline.WorkingSet, baseline.ArithmeticIntensity, baseline.Dispatch)
                : new Cell("none yet", Tone.Faint),
        ]);

    static void Draw(Screen screen, List<Question> questions)
    {
        screen.Line();
        screen.Table(
            ["experiment", "suite", "question", "checks"], questions,
            question => [question.Id, question.Suite, question.Text, string.Join(", ", question.Checks)]);
    }

    sealed record Row(
        string Id, string Suite, string Scenario, long Params, string? Dataset, string? DataTier, string? DamagedDataset, string? Damage,
        string? Target, Baseline? Baseline, IReadOnlyList<string> BaselineClasses);

    sealed record Question(string Id, string Suite, string Text, IReadOnlyList<string> Checks);
    sealed record Baseline(string WorkingSet, string ArithmeticIntensity, string Dispatch, string EvidenceSidecar, string MeasuredAt);
}
