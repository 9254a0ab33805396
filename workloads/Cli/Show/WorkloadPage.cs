using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Workloads.Cli.State;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Cli.Show;

/// <summary>All that is known about one workload, for people.</summary>
sealed partial class WorkloadPage(ModelEntry entry, WorkloadEntry trainer, DataAtHand data, (string Path, EvidenceRecord Record)? newest)
{
    public void Draw(Screen screen)
    {
        screen.Line($"{entry.Id}  ({entry.Suite}, workloads.yaml line {entry.Line})");
        Facts.Draw(screen, "What it is", Identity());
        Facts.Draw(screen, "Sizes and recipe", Settings());
        if (entry is WorkloadEntry { Closed: { } closed } trained)
            Facts.Draw(screen, "Otherwise in the closed division (run --closed)", Otherwise(trained, closed));
        screen.Line();
        screen.Line(entry is InferenceEntry { SharedCheckpoint: var from } ? $"Weights and data of {from}, in order of preference" : "Data, in order of preference");
        screen.Table(DataGrid());
        Facts.Draw(screen, "Differences from the seed registry", entry.Errata.Select(erratum =>
            (erratum.Field, $"'{erratum.SeedValue}'. {erratum.Found} Ours: {erratum.Ours}")));
        screen.Line();
        if (entry.Regimes.Count == 0)
            screen.Line($"No baseline yet; `mlperfedu accept {entry.Id}` makes one from a run that passed.", Tone.Faint);
        else
            screen.Table(BaselineGrid());
        DrawEvidence(screen);
    }

    IEnumerable<(string, string)> Identity()
    {
        yield return ("model", entry.Model);
        yield return ("scenario", entry.Scenario);
        yield return ("tier", entry.Tier);
        yield return ("parameters", $"{entry.Params:N0}{(entry.ParamsNote is { } why ? $" ({why})" : "")}");
        if (entry is InferenceEntry inference)
            yield return ("checks", Describe.Checks(inference));
        if (entry is WorkloadEntry { MaxModelKb: { } limit })
            yield return ("largest model", $"{limit} KB");
        if (entry.Budget is { } budget)
            yield return ("budget", $"{Duration.Of(budget.Seconds)}, {budget.MemoryMb:N0} MB");
        if (entry.Provenance is { } provenance)
            yield return ("provenance", provenance);
        if (entry.Note is { } note)
            yield return ("note", note);
    }

    IEnumerable<(string, string)> Settings() =>
        EntrySettings.Of(entry).OrderBy(setting => setting.Key, StringComparer.Ordinal).Select(setting => (setting.Key, setting.Value));

    static IEnumerable<(string, string)> Otherwise(WorkloadEntry entry, ClosedDivision closed)
    {
        var own = EntrySettings.Of(entry, entry.Recipe);
        var seeds = EntrySettings.Of(entry, closed.Recipe).OrderBy(setting => setting.Key, StringComparer.Ordinal);
        foreach (var (name, value) in seeds.Where(setting => own.GetValueOrDefault(setting.Key) != setting.Value))
            yield return (name, value);
        if (closed.Reference is { Seconds: [_, ..] seconds })
            yield return ("time to target", $"{Duration.Of(seconds.Min())} to {Duration.Of(seconds.Max())} over {seconds.Count} seeds");
    }

    Grid DataGrid()
    {
        var grid = new Grid("data set", "tier", "at hand", "target", "reference", "note");
        foreach (var choice in trainer.Data)
        {
            var status = data.Of(choice.Dataset);
            grid.Add(
                choice.Dataset,
                choice.Tier,
                status switch { { Damage: { } code } => new($"damaged ({code})", Tone.Bad), { AtHand: true } => new("yes", Tone.Good), _ => new("no", Tone.Faint) },
                Describe.Targets(choice),
                choice.Reference is { } reference ? $"{reference.Values.Min():0.####} to {reference.Values.Max():0.####} over {reference.Seeds.Count} seeds" : Describe.None,
                choice.Note ?? (choice.OverridesRecipe ? "its own recipe" : ""));
        }

        return grid;
    }

    Grid BaselineGrid()
    {
        var grid = new Grid("baseline on", "working set", "arithmetic intensity", "dispatch", "measured", "sidecar");
        foreach (var (machineClass, block) in entry.Regimes)
        {
            grid.Add(
                machineClass,
                $"{block.WorkingSet.Value} ({Units.Si(block.WorkingSet.Number, "B")}/step)",
                $"{block.ArithmeticIntensity.Value} ({block.ArithmeticIntensity.Number:0.##} FLOP/byte)",
                $"{block.Dispatch.Value} ({Units.Percent(block.Dispatch.Number)} used)",
                block.MeasuredAt,
                block.EvidenceSidecar);
        }

        return grid;
    }

    void DrawEvidence(Screen screen)
    {
        if (newest is not { } evidence)
        {
            screen.Line($"No evidence yet; `mlperfedu run {entry.Id}` makes some, and counts what each layer computes.", Tone.Faint);
            return;
        }

        var record = evidence.Record;
        Facts.Draw(screen, "Newest evidence",
        [
            ("sidecar", evidence.Path),
            ("run", $"{record.MeasuredAt}, seed {record.Seed}, {record.Data.Dataset} ({record.Data.Tier}), on {record.Machine.Class}"),
            ("entry", record.Workload.EntrySha256 == entry.Sha256 ? "as it is now" : "an earlier wording"),
            .. ServingLine.Of(record) is { } served ? [("served", served)] : Array.Empty<(string, string)>(),
            .. record.Validity.Select(line => (line.Met ? "holds" : "MISSED", line.ToString())),
            .. RooflineLine.Render(record).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => ("roofline", line)),
        ]);
        screen.Line();
        screen.Line($"One step, batch {record.Count.Batch}");
        screen.Table(LayerGrid(record));
    }

    static Grid LayerGrid(EvidenceRecord record)
    {
        var grid = new Grid("layer", "kind", "result", ">params", ">MAC forward", ">FLOP", ">FLOP element-wise", ">bytes", ">calls");
        foreach (var layer in record.Count.Layers)
        {
            var total = layer.Total;
            grid.Add(
                layer.Layer, layer.Kind, string.Join('x', layer.Output), Units.Count(layer.Parameters), Units.Count(layer.ForwardMacs),
                Units.Count(total.Flops), Units.Count(total.ElementwiseFlops), Units.Count(total.Bytes), Units.Count(total.Calls));
        }

        var count = record.Count;
        grid.Add(
            "total", "", "", Units.Count(count.Parameters), Units.Count(count.ForwardMacs), Units.Count(count.Flops),
            Units.Count(count.ElementwiseFlops + count.OptimizerFlops), Units.Count(count.Bytes), Units.Count(count.OperatorCalls));
        return grid;
    }
}
