using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Cli.Accept;
using MlPerfEdu.Workloads.Cli.State;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Cli.Verify;

/// <summary>Does each regime block of workloads.yaml say what its sidecar says, and does somebody need each committed one?</summary>
sealed class BaselineCheck(Repository repository, WorkloadCatalog catalog)
{
    public IEnumerable<VerifyFinding> Run() =>
        catalog.Models.SelectMany(entry => entry.Regimes.SelectMany(regime => Block(entry, regime.Key, regime.Value)))
            .Concat(Answers().Where(IsOfEarlierEntry).Select(sidecar => VerifyFindings.EarlierEntry(repository.Relative(sidecar.Path), sidecar.Id)))
            .Concat(Unnamed());

    IEnumerable<VerifyFinding> Block(ModelEntry entry, string machineClass, RegimeBlock block)
    {
        var place = $"{repository.Relative(repository.WorkloadsYaml)}({block.Line})";
        var folder = $"roofline/evidence/{machineClass}";
        var name = block.EvidenceSidecar.Split('/')[^1];
        // The text is compared with the one place there is, never followed as a path.
        if (block.EvidenceSidecar != $"{folder}/{name}")
            return [VerifyFindings.SidecarElsewhere(place, block.EvidenceSidecar, folder)];
        var path = Path.Combine(repository.EvidenceFolder(machineClass), name);
        if (!File.Exists(path))
            return [VerifyFindings.SidecarMissing(place, block.EvidenceSidecar)];
        var findings = EvidenceVerifier.Verify(path, block.EvidenceSha256);
        return findings.Count > 0
            ? findings.Select(VerifyFinding.Of)
            : Agreement(place, entry, block, EvidenceFile.Read(path));
    }

    static IEnumerable<VerifyFinding> Agreement(string place, ModelEntry entry, RegimeBlock block, EvidenceRecord evidence)
    {
        if (evidence.Workload.Id != entry.Id)
            yield return VerifyFindings.BlockDiffers(place, "a baseline of", entry.Id, evidence.Workload.Id);
        foreach (var (found, expected) in Fields(block).Zip(Fields(BaselineBlock.Of(evidence))))
        {
            if (found != expected)
                yield return VerifyFindings.BlockDiffers(place, found.Name, found.Value, expected.Value);
        }

        if (evidence.Workload.EntrySha256 != entry.Sha256)
            yield return VerifyFindings.EarlierEntry(place, entry.Id);
    }

    static IEnumerable<(string Name, string Value)> Fields(RegimeBlock block) =>
    [
        ("working_set.value", block.WorkingSet.Value),
        ("working_set.bytes_per_step", $"{block.WorkingSet.Number:R}"),
        ("arithmetic_intensity.value", block.ArithmeticIntensity.Value),
        ("arithmetic_intensity.flops_per_byte", $"{block.ArithmeticIntensity.Number:R}"),
        ("dispatch.value", block.Dispatch.Value),
        ("dispatch.utilization", $"{block.Dispatch.Number:R}"),
        ("evidence_sidecar", block.EvidenceSidecar),
        ("measured_at", block.MeasuredAt),
    ];

    // No block names the baseline of an experiment: it is the newest of its folder.
    IEnumerable<Sidecar> Answers() => new EvidenceShelf(repository).Baselines
        .Where(sidecar => catalog.Find(sidecar.Id) is ExperimentEntry)
        .GroupBy(sidecar => (sidecar.Id, Path.GetDirectoryName(sidecar.Path)))
        .Select(ofOne => ofOne.Last());

    bool IsOfEarlierEntry(Sidecar sidecar) =>
        ExperimentVerifier.Check(sidecar.Path, _ => null).Record is { } record && record.Experiment.EntrySha256 != catalog.Find(sidecar.Id)!.Sha256;

    IEnumerable<VerifyFinding> Unnamed()
    {
        var named = catalog.Models.SelectMany(entry => entry.Regimes.Values).Select(block => block.EvidenceSidecar)
            .Concat(Answers().Select(sidecar => repository.Relative(sidecar.Path)))
            .ToHashSet();
        return new EvidenceShelf(repository).Baselines
            .Select(sidecar => repository.Relative(sidecar.Path))
            .Where(path => !named.Contains(path))
            .Select(VerifyFindings.Unnamed);
    }
}
