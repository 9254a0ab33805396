using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Cli.Show;

/// <summary>The same for machines.</summary>
sealed partial class WorkloadPage
{
    public object Document() => new
    {
        entry.Id,
        entry.Suite,
        entry.Line,
        entry.Model,
        entry.Scenario,
        entry.Tier,
        entry.Params,
        entry.ParamsNote,
        (entry as WorkloadEntry)?.MaxModelKb,
        entry.Budget,
        entry.Provenance,
        entry.Note,
        EntrySha256 = entry.Sha256,
        Settings = EntrySettings.Of(entry),
        Closed = entry is WorkloadEntry { Closed: { } closed } trained
            ? new { Settings = EntrySettings.Of(trained, closed.Recipe), closed.Reference }
            : null,
        Data = trainer.Data.Select(DataDocument),
        Checks = (entry as InferenceEntry)?.Checks.Select(check => new { check.Metric, Bound = check.Direction, Limit = check.Value }),
        entry.Errata,
        Baselines = entry.Regimes.ToDictionary(regime => regime.Key, regime => BaselineDocument(regime.Value)),
        NewestEvidence = newest is { } evidence ? EvidenceDocument(evidence.Path, evidence.Record) : null,
    };

    object DataDocument(DataChoice choice) => new
    {
        choice.Dataset,
        choice.Tier,
        AtHand = data.Of(choice.Dataset).AtHand,
        Targets = choice.Also.Prepend(choice.QualityTarget).Select(target => new { target.Metric, Bound = target.Direction, Limit = target.Value }),
        choice.Reference,
        choice.OverridesRecipe,
        choice.Note,
    };

    static object BaselineDocument(RegimeBlock block) => new
    {
        WorkingSet = new { block.WorkingSet.Value, BytesPerStep = block.WorkingSet.Number },
        ArithmeticIntensity = new { block.ArithmeticIntensity.Value, FlopsPerByte = block.ArithmeticIntensity.Number },
        Dispatch = new { block.Dispatch.Value, Utilization = block.Dispatch.Number },
        block.EvidenceSidecar,
        block.EvidenceSha256,
        block.MeasuredAt,
    };

    static object EvidenceDocument(string path, Roofline.Evidence.EvidenceRecord record) => new
    {
        Sidecar = path,
        record.MeasuredAt,
        record.Seed,
        record.Data.Dataset,
        DataTier = record.Data.Tier,
        MachineClass = record.Machine.Class,
        EntrySha256 = record.Workload.EntrySha256,
        record.Validity,
        Regimes = record.Regimes.All.ToDictionary(verdict => verdict.Axis.Name(), verdict => verdict.Value.Name()),
        record.Count,
    };
}
