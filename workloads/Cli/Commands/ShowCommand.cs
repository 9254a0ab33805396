using System.Text.Json;

namespace MlPerfEdu.Cli.Commands;

sealed class ShowCommand() : CliCommand(
    "show", "Show one workload or experiment: sizes, recipe, targets, counts per layer, errata, baselines, newest evidence.",
    new("show anomaly-ae-train", "Everything about one workload, as text."),
    new("show anomaly-ae-train --json", "The same for a script."))
{
    readonly Argument<string> id = OneValue("ID", "The workload or experiment");

    protected override IReadOnlyList<Symbol> Inputs => [id];

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var repository = invocation.Repository;
        switch (invocation.Entry(parse.GetValue(id)!))
        {
            case ModelEntry entry:
                var newest = invocation.Evidence.Newest<EvidenceRecord>(entry.Id);
                invocation.RemarkPassedOver();
                var page = new WorkloadPage(
                    entry, invocation.Catalog.TrainerOf(entry), new LocalData(invocation.Data),
                    newest is { } found ? (repository.Relative(found.Path), found.Record) : null);
                invocation.Answer(page.Document(), page.Draw);
                break;
            case ExperimentEntry entry:
                var answer = invocation.Evidence.Newest<ExperimentRecord>(entry.Id);
                invocation.RemarkPassedOver();
                invocation.Answer(Document(entry, answer, repository), screen => Draw(screen, entry, answer, repository));
                break;
        }
        return ExitCode.Ok;
    }

    static void Draw(Screen screen, ExperimentEntry entry, (string Path, ExperimentRecord Record)? newest, Repository repository)
    {
        screen.Line($"{entry.Id}  ({entry.Suite}, workloads.yaml line {entry.Line})");
        screen.Line(entry.Question);
        screen.Facts("Sizes", EntrySettings.Sizes(entry).Append(new("precision", entry.Precision.Name())).Select(size => (size.Key, (string?)size.Value)));
        screen.Facts("Checks", entry.Checks.Select(check => ("", (string?)Describe.Target(check))));
        screen.Facts("Differences from the original registry", Describe.Errata(entry));
        screen.Line();
        if (newest is not { } evidence)
        {
            screen.Line($"No evidence yet; `mlperfedu run {entry.Id}` makes some.", Tone.Faint);
            return;
        }
        screen.Line($"Newest evidence: {repository.Relative(evidence.Path)}, on {evidence.Record.Machine.Class}");
        if (ExperimentRunner.Derive(entry, evidence.Record) is { } findings)
            ExperimentResult.Draw(screen, findings.Tables);
        else
            screen.Line("It was measured for an earlier version of the entry; run the experiment again to see its tables.", Tone.Warning);
    }

    static object Document(ExperimentEntry entry, (string Path, ExperimentRecord Record)? newest, Repository repository) => new
    {
        entry.Id, entry.Suite, entry.Line, entry.Question, entry.Tier, entry.Budget, entry.Provenance, entry.Note,
        EntrySha256 = entry.Sha256, Settings = EntrySettings.Sizes(entry),
        Checks = entry.Checks.Select(Describe.Target), entry.Errata,
        NewestEvidence = newest is { } evidence
            ? new { Sidecar = repository.Relative(evidence.Path), evidence.Record.MeasuredAt, evidence.Record.Metrics }
            : null,
    };
}

sealed class WorkloadPage(ModelEntry entry, WorkloadEntry trainer, LocalData data, (string Path, EvidenceRecord Record)? newest)
{
    public void Draw(Screen screen)
    {
        screen.Line($"{entry.Id}  ({entry.Suite}, workloads.yaml line {entry.Line})");
        screen.Facts("What it is", Identity());
        screen.Facts("Sizes and recipe", Sorted(EntrySettings.Of(entry)));
        if (entry is WorkloadEntry { Closed: { } closed } trained)
            screen.Facts("Different in the closed division (run --closed)", ClosedDifferences(trained, closed));
        screen.Line();
        var what = entry switch
        {
            InferenceEntry { SharedCheckpoint: var from } => $"Weights and data of {from}",
            WorkloadEntry { SharedCheckpoint: { } from } => $"Weights of {from}, and data",
            _ => "Data",
        };
        screen.Line($"{what}, in order of preference");
        DrawData(screen);
        screen.Facts("Differences from the original registry", Describe.Errata(entry));
        screen.Line();
        if (entry.Regimes.Count == 0)
            screen.Line($"No baseline yet; `mlperfedu accept {entry.Id}` makes one from a run that passed.", Tone.Faint);
        else
            DrawBaselines(screen);
        DrawEvidence(screen);
    }

    IEnumerable<(string, string?)> Identity() =>
    [
        ("model", entry.Model),
        ("scenario", entry.Scenario),
        ("tier", entry.Tier),
        ("parameters", $"{entry.Params:N0}{(entry.ParamsNote is { } why ? $" ({why})" : "")}"),
        ("checks", entry is InferenceEntry inference ? Describe.Checks(inference) : null),
        ("largest model", entry is WorkloadEntry { MaxModelKb: { } limit } ? $"{limit} KB" : null),
        ("budget", entry.Budget is { } budget ? $"{DurationText.Of(budget.Seconds)}, {budget.MemoryMb:N0} MB" : null),
        ("provenance", entry.Provenance),
        ("note", entry.Note),
    ];

    static IEnumerable<(string, string?)> Sorted(IEnumerable<KeyValuePair<string, string>> settings) =>
        settings.OrderBy(setting => setting.Key, StringComparer.Ordinal).Select(setting => (AsInYaml(setting.Key), (string?)setting.Value));

    // Evidence spells recipe.BatchesPerEpoch what workloads.yaml calls batches_per_epoch.
    static string AsInYaml(string key) =>
        string.Join('.', key.Split('.').Select(JsonNamingPolicy.SnakeCaseLower.ConvertName));

    static IEnumerable<(string, string?)> ClosedDifferences(WorkloadEntry entry, ClosedDivision closed)
    {
        var open = EntrySettings.Of(entry, entry.Recipe);
        var differing = EntrySettings.Of(entry, closed.Recipe).Where(setting => open.GetValueOrDefault(setting.Key) != setting.Value);
        foreach (var setting in Sorted(differing))
            yield return setting;
        if (closed.Reference is { Seconds: [_, ..] seconds })
            yield return ("time to target", $"{DurationText.Of(seconds.Min())} to {DurationText.Of(seconds.Max())} over {seconds.Count} seeds");
    }

    void DrawData(Screen screen) => screen.Table(
        ["data set", "tier", "here", "target", "reference", "note"], trainer.Data,
        choice =>
        [
            choice.Dataset, choice.Tier,
            data.Of(choice.Dataset) switch
            {
                { Damage: { } code } => new($"damaged ({code})", Tone.Bad),
                { IsAvailable: true } => new("yes", Tone.Good),
                _ => new("no", Tone.Faint),
            },
            Describe.Targets(choice),
            choice.Reference is { } reference
                ? $"{reference.Values.Min():0.####} to {reference.Values.Max():0.####} over {reference.Seeds.Count} seeds"
                : Describe.None,
            choice.Note ?? (choice.OverridesRecipe ? "its own recipe" : ""),
        ]);

    void DrawBaselines(Screen screen) => screen.Table(
        ["baseline on", "working set", "arithmetic intensity", "dispatch", "measured", "sidecar"], entry.Regimes,
        regime =>
        [
            regime.Key,
            $"{regime.Value.WorkingSet.Value} ({Units.Si(regime.Value.WorkingSet.Number, "B")}/step)",
            $"{regime.Value.ArithmeticIntensity.Value} ({regime.Value.ArithmeticIntensity.Number:0.##} FLOP/byte)",
            $"{regime.Value.Dispatch.Value} ({Units.Percent(regime.Value.Dispatch.Number)} used)",
            regime.Value.MeasuredAt, regime.Value.EvidenceSidecar,
        ]);

    void DrawEvidence(Screen screen)
    {
        if (newest is not { } evidence)
        {
            screen.Line($"No evidence yet; `mlperfedu run {entry.Id}` makes some, with the operations of each layer.", Tone.Faint);
            return;
        }
        var record = evidence.Record;
        screen.Facts("Newest evidence",
        [
            ("sidecar", evidence.Path),
            ("run", $"{record.MeasuredAt}, seed {record.Seed}, {record.Data.Dataset} ({record.Data.Tier}), on {record.Machine.Class}"),
            ("entry", record.Workload.EntrySha256 == entry.Sha256 ? "unchanged since" : "changed since"),
            ("served", ServingLine.Of(record)),
            .. record.Validity.Select(line => (line.Met ? "holds" : "MISSED", line.ToString())),
            .. RooflineLine.Render(record).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => ("roofline", line)),
        ]);
        screen.Line();
        screen.Line($"One step, batch {record.Count.Batch}");
        screen.Table(LayerGrid(record));
    }

    static Grid LayerGrid(EvidenceRecord record)
    {
        var grid = new Grid("layer", "kind", "output", ">params", ">MAC forward", ">FLOP", ">FLOP element-wise", ">bytes", ">calls");
        foreach (var layer in record.Count.Layers)
        {
            var total = layer.Total;
            grid.Add(
                layer.Layer, LayerTable.KindOf(layer), string.Join('x', layer.Output), Units.Count(layer.Parameters), Units.Count(layer.ForwardMacs),
                Units.Count(total.Flops), Units.Count(total.ElementwiseFlops), Units.Count(total.Bytes), Units.Count(total.Calls));
        }
        var count = record.Count;
        grid.Add(
            "total", "", "", Units.Count(count.Parameters), Units.Count(count.ForwardMacs), Units.Count(count.Flops),
            Units.Count(count.ElementwiseFlops + count.OptimizerFlops), Units.Count(count.Bytes), Units.Count(count.OperatorCalls));
        return grid;
    }

    public object Document() => new
    {
        entry.Id, entry.Suite, entry.Line, entry.Model, entry.Scenario, entry.Tier, entry.Params, entry.ParamsNote,
        (entry as WorkloadEntry)?.MaxModelKb, entry.Budget, entry.Provenance, entry.Note, EntrySha256 = entry.Sha256,
        Settings = EntrySettings.Of(entry),
        Closed = entry is WorkloadEntry { Closed: { } closed } trained
            ? new { Settings = EntrySettings.Of(trained, closed.Recipe), closed.Reference }
            : null,
        Data = trainer.Data.Select(DataDocument),
        Checks = (entry as InferenceEntry)?.Checks.Select(check => new { check.Metric, check.Bound, check.Limit }),
        entry.Errata,
        Baselines = entry.Regimes.ToDictionary(regime => regime.Key, regime => BaselineDocument(regime.Value)),
        NewestEvidence = newest is { } evidence ? EvidenceDocument(evidence.Path, evidence.Record) : null,
    };

    object DataDocument(DataChoice choice) => new
    {
        choice.Dataset, choice.Tier, AtHand = data.Of(choice.Dataset).IsAvailable,
        Targets = choice.Also.Prepend(choice.QualityTarget).Select(target => new { target.Metric, target.Bound, target.Limit }),
        choice.Reference, choice.OverridesRecipe, choice.Note,
    };

    static object BaselineDocument(RegimeBlock block) => new
    {
        WorkingSet = new { block.WorkingSet.Value, BytesPerStep = block.WorkingSet.Number },
        ArithmeticIntensity = new { block.ArithmeticIntensity.Value, FlopsPerByte = block.ArithmeticIntensity.Number },
        Dispatch = new { block.Dispatch.Value, Utilization = block.Dispatch.Number },
        block.EvidenceSidecar, block.EvidenceSha256, block.MeasuredAt,
    };

    static object EvidenceDocument(string path, EvidenceRecord record) => new
    {
        Sidecar = path, record.MeasuredAt, record.Seed, record.Data.Dataset, DataTier = record.Data.Tier,
        MachineClass = record.Machine.Class, EntrySha256 = record.Workload.EntrySha256, record.Validity,
        Regimes = record.Regimes.All.ToDictionary(verdict => verdict.Axis.Name(), verdict => verdict.Value.Name()),
        record.Count,
    };
}
