using System.Text;
using System.Text.RegularExpressions;
using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Cli.State;
using MlPerfEdu.Workloads.Cli.Verify;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Cli.Doctor;

/// <summary>The files of the clone: do they hold, each alone and together?</summary>
sealed partial class CloneChecks(Repository repository, string machineClass)
{
    public IEnumerable<Checkup> Run()
    {
        yield return Checkup.Ok("clone", repository.Root);
        var read = WorkloadCatalogReader.Read(repository.WorkloadsYaml);
        if (read.Catalog is not { } catalog)
        {
            yield return Checkup.Fail("workloads.yaml", $"{read.Diagnostics.Count} mistakes, first: {read.Diagnostics[0]}", "Correct them; a build lists all.");
            yield break;
        }

        yield return Checkup.Ok("workloads.yaml", $"{catalog.Models.Count} workloads");
        yield return Evidence(catalog);
        yield return Baselines(catalog);
        yield return SnapshotTexts(catalog);
        yield return Orphans(catalog);
    }

    Checkup Evidence(WorkloadCatalog catalog)
    {
        var shelf = new EvidenceShelf(repository);
        List<Sidecar> sidecars = [.. shelf.Baselines, .. shelf.New];
        var findings = sidecars.SelectMany(sidecar => ExperimentEvidence.FindingsOfAny(catalog, sidecar.Path)).Select(finding => finding.ToString())
            .Concat(new BaselineCheck(repository, catalog).Run().Where(finding => finding.Fails).Select(finding => $"{finding.Code}: {finding.Message}"))
            .Distinct().ToList();
        return findings.Count == 0
            ? Checkup.Ok("evidence", $"{sidecars.Count} sidecars hold")
            : Checkup.Fail("evidence", $"{findings.Count} findings, first: {findings[0]}", "See `mlperfedu verify`.");
    }

    Checkup Baselines(WorkloadCatalog catalog)
    {
        var without = catalog.Models.Where(entry => !entry.Regimes.ContainsKey(machineClass)).Select(entry => entry.Id).ToList();
        return without.Count == 0
            ? Checkup.Ok("baselines", $"one for every workload on {machineClass}")
            : Checkup.Warn("baselines", $"none on {machineClass} for {string.Join(", ", without)}", "Their regimes are reported, not asserted; `mlperfedu accept ID` makes one.");
    }

    Checkup SnapshotTexts(WorkloadCatalog catalog)
    {
        var shelf = new EvidenceShelf(repository);
        var stale = new List<string>();
        foreach (var entry in catalog.Models)
        {
            foreach (var machine in entry.Regimes.Keys)
            {
                if (shelf.Baseline(entry.Id, machine) is { } evidence && evidence.Workload.EntrySha256 == entry.Sha256)
                    stale.AddRange(Snapshots.Of(repository, entry, evidence).Where(Differs).Select(snapshot => repository.Relative(snapshot.File)));
            }
        }

        return stale.Count == 0
            ? Checkup.Ok("snapshots", "agree with the baselines")
            : Checkup.Warn("snapshots", $"not as the baseline says: {string.Join(", ", stale)}", "Accept the baseline again: `mlperfedu accept ID`.");
    }

    static bool Differs(Snapshot snapshot) =>
        !File.Exists(snapshot.File) || File.ReadAllText(snapshot.File, Encoding.UTF8).ReplaceLineEndings("\n").TrimEnd() != snapshot.Text.TrimEnd();

    Checkup Orphans(WorkloadCatalog catalog)
    {
        // Files are called id.verified.txt, or id.dataset.verified.txt; snapshots of other tests have another form.
        var ids = catalog.Entries.Select(entry => entry.Id).ToHashSet();
        List<string> orphans = !Directory.Exists(repository.SnapshotsFolder) ? [] :
            [.. Directory.EnumerateFiles(repository.SnapshotsFolder, "*.verified.txt", SearchOption.AllDirectories)
                .Where(file => SnapshotOfWorkload().Match(Path.GetFileName(file)) is { Success: true } match && !ids.Contains(match.Groups["id"].Value))
                .Select(repository.Relative).Order(StringComparer.Ordinal)];
        return orphans.Count == 0
            ? Checkup.Ok("orphaned snapshots", "none")
            : Checkup.Warn("orphaned snapshots", string.Join(", ", orphans), "No entry of workloads.yaml has these ids: delete the files.");
    }

    [GeneratedRegex(@"\A(?<id>[a-z0-9]+(-[a-z0-9]+)*)(\.[a-z0-9-]+)?\.verified\.txt\z")]
    private static partial Regex SnapshotOfWorkload();
}
