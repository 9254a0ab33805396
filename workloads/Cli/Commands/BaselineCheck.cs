namespace MlPerfEdu.Cli.Commands;

/// <summary>Checks that each regime block of workloads.yaml agrees with its sidecar, and that each committed sidecar is some baseline.</summary>
sealed class BaselineCheck(Repository repository, WorkloadCatalog catalog)
{
    readonly IReadOnlyList<Sidecar> committed = new EvidenceStore(repository, catalog).Baselines;

    public IEnumerable<VerifyFinding> Run() =>
        catalog.Models.SelectMany(entry => entry.Regimes.SelectMany(regime => Block(entry, regime.Key, regime.Value)))
            .Concat(ExperimentBaselines().Where(IsOfEarlierEntry)
                .Select(sidecar => EarlierEntry(repository.Relative(sidecar.Path), sidecar.Id)))
            .Concat(Unnamed());

    IEnumerable<VerifyFinding> Block(ModelEntry entry, string machineClass, RegimeBlock block)
    {
        var place = $"{repository.Relative(repository.WorkloadsYaml)}({block.Line})";
        var folder = $"roofline/evidence/{machineClass}";
        var name = block.EvidenceSidecar.Split('/')[^1];
        // The text is compared with the one place there is, never followed as a path.
        if (block.EvidenceSidecar != $"{folder}/{name}")
        {
            return [Fails("MLP2040",
                $"{place}: found evidence_sidecar '{block.EvidenceSidecar}' → expected a file in {folder} → `mlperfedu accept` writes it.")];
        }
        var path = Path.Combine(repository.EvidenceFolder(machineClass), name);
        if (!File.Exists(path))
        {
            return [Fails("MLP2041",
                $"{place}: found no file {block.EvidenceSidecar} → expected the baseline's sidecar → restore it from git, or accept a new run.")];
        }


        var findings = EvidenceVerifier.Verify(path, block.EvidenceSha256);
        return findings.Count > 0
            ? findings.Select(VerifyFinding.Of)
            : Agreement(place, entry, block, EvidenceFile.Read(path));
    }

    static IEnumerable<VerifyFinding> Agreement(string place, ModelEntry entry, RegimeBlock block, EvidenceRecord evidence)
    {
        if (evidence.Workload.Id != entry.Id)
            yield return BlockDiffers(place, "a baseline of", entry.Id, evidence.Workload.Id);
        foreach (var (found, expected) in Fields(block).Zip(Fields(BaselineBlock.Of(evidence))))
        {
            if (found != expected)
                yield return BlockDiffers(place, found.Name, found.Value, expected.Value);
        }
        if (evidence.Workload.EntrySha256 != entry.Sha256)
            yield return EarlierEntry(place, entry.Id);
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
    IEnumerable<Sidecar> ExperimentBaselines() => committed
        .Where(sidecar => catalog.Find(sidecar.Id) is ExperimentEntry)
        .GroupBy(sidecar => (sidecar.Id, Path.GetDirectoryName(sidecar.Path)))
        .Select(ofOne => ofOne.Last());

    bool IsOfEarlierEntry(Sidecar sidecar) =>
        ExperimentVerifier.Check(sidecar.Path, _ => null).Record is { } record && record.Experiment.EntrySha256 != catalog.Find(sidecar.Id)!.Sha256;

    IEnumerable<VerifyFinding> Unnamed()
    {
        var named = catalog.Models.SelectMany(entry => entry.Regimes.Values).Select(block => block.EvidenceSidecar)
            .Concat(ExperimentBaselines().Select(sidecar => repository.Relative(sidecar.Path)))
            .ToHashSet();
        return committed
            .Select(sidecar => repository.Relative(sidecar.Path))
            .Where(path => !named.Contains(path))
            .Select(path => new VerifyFinding("MLP2044",
                $"{path}: found a committed sidecar that workloads.yaml does not name, or an older one of an experiment " +
                "→ expected only baselines there → accept it or delete it.", Fails: false));
    }

    static VerifyFinding BlockDiffers(string place, string field, string found, string expected) => Fails("MLP2042",
        $"{place}: found {field} {found} → expected {expected}, as its sidecar says → do not edit the block by hand: accept a new run.");

    static VerifyFinding EarlierEntry(string place, string id) => new("MLP2043",
        $"{place}: found a baseline of an earlier version of the entry → expected one of the current entry " +
        $"→ `mlperfedu run {id}`, then accept it.", Fails: false);

    static VerifyFinding Fails(string code, string message) => new(code, message, Fails: true);
}
