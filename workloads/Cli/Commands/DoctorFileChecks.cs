using System.Text.RegularExpressions;
using MlPerfEdu.Engine.Distributed;

namespace MlPerfEdu.Cli.Commands;

static class DataChecks
{
    const long SmallDisk = 2L << 30;

    public static IEnumerable<Checkup> Of(Func<string, string?> variable)
    {
        DataEnvironment environment;
        Checkup? failed = null;
        try
        {
            environment = DataEnvironment.From(variable);
        }
        catch (DataException problem)
        {
            failed = Checkup.Fail("data folder", problem.Message, "Correct MLPERFEDU_DATA, or unset it to use embedded data.");
            environment = DataEnvironment.From(name => name == "MLPERFEDU_DATA" ? null : variable(name));
        }
        yield return failed ?? Checkup.Ok("data folder", environment.DataFolder ?? "MLPERFEDU_DATA is not set; fetched or embedded data is used");
        yield return Writable(environment.CacheFolder);
        yield return Disk(environment.CacheFolder);
        yield return Checkup.Ok("downloads", environment.Offline ? "forbidden by MLPERFEDU_OFFLINE" : "allowed when `data fetch` asks for them");
        var data = new LocalData(DataStore.Open(environment));
        foreach (var entry in DataCatalog.BuiltIn.Entries.Where(entry => entry.Kind != DataSetKind.Embedded))
            yield return DataSet(data.Of(entry.Id));
    }

    static Checkup DataSet(DataStatus status) => status switch
    {
        { Damage: not null } => Checkup.Fail($"data set {status.Dataset}", status.Reason, $"Replace it: `mlperfedu data fetch {status.Dataset}`."),
        { IsAvailable: true } => Checkup.Ok($"data set {status.Dataset}", $"{status.Files.Count} files, every byte as pinned"),
        _ => Checkup.Ok($"data set {status.Dataset}", "not here; another or embedded data is used"),
    };

    static Checkup Writable(string folder)
    {
        try
        {
            FolderProbe.Write(folder);
            return Checkup.Ok("cache", folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Checkup.Fail("cache", $"{folder}: {error.Message}", "Make it writable, or point MLPERFEDU_CACHE elsewhere.");
        }
    }

    static Checkup Disk(string folder)
    {
        try
        {
            var free = FolderProbe.FreeBytes(folder);
            return free >= SmallDisk
                ? Checkup.Ok("free disk", Units.Si(free, "B"))
                : Checkup.Warn(
                    "free disk", Units.Si(free, "B"), "Large data sets will not fit: free some, or point MLPERFEDU_CACHE to another disk.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Checkup.Warn("free disk", $"not known ({error.Message})", "Make sure that there are some gigabytes before fetching data.");
        }
    }
}

sealed partial class CloneChecks(Repository repository, string machineClass)
{
    const int OldestSdk = 10;

    /// <summary>The programs that building, evidence and several processes need.</summary>
    public IEnumerable<Checkup> Tools(Func<string, string?> variable)
    {
        yield return Checkup.Ok(".NET runtime", Environment.Version.ToString());
        // In the clone, so that global.json chooses.
        yield return Version("dotnet") is { } sdk
            ? Checkup.Ok(".NET SDK", sdk)
            : Checkup.Warn(".NET SDK", "none that fits global.json", $"Building needs an SDK {OldestSdk}: https://dotnet.microsoft.com/download");
        yield return Version("git") is { } git
            ? Checkup.Ok("git", git)
            : Checkup.Warn("git", "not found", "Evidence will not say which commit ran: install git.");
        yield return OpenMpi.Find(variable, out var missing) is { } mpi
            ? Checkup.Ok("Open MPI", mpi.Version)
            : Checkup.Warn("Open MPI", missing, $"Workloads of several processes are skipped: install it ({OpenMpi.HowToInstall}).");

        string? Version(string program) => FirstLine.Of(program, "--version", repository.Root);
    }

    public IEnumerable<Checkup> Files()
    {
        yield return Checkup.Ok("clone", repository.Root);
        var read = WorkloadCatalogReader.Read(repository.WorkloadsYaml);
        if (read.Catalog is not { } catalog)
        {
            yield return Checkup.Fail(
                "workloads.yaml", $"{read.Diagnostics.Count} mistakes, first: {read.Diagnostics[0]}", "Correct them; a build lists all.");
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
        var store = new EvidenceStore(repository, catalog);
        List<Sidecar> sidecars = [.. store.Baselines, .. store.Runs];
        var findings = sidecars.SelectMany(sidecar => store.Verify(sidecar.Path).Verdict.Findings).Select(finding => finding.ToString())
            .Concat(new BaselineCheck(repository, catalog).Run().Where(finding => finding.Fails)
                .Select(finding => $"{finding.Code}: {finding.Message}"))
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
            : Checkup.Warn("baselines", $"none on {machineClass} for {string.Join(", ", without)}",
                "Their regimes are reported, not asserted; `mlperfedu accept ID` makes one.");
    }

    Checkup SnapshotTexts(WorkloadCatalog catalog)
    {
        var store = new EvidenceStore(repository, catalog);
        var stale = new List<string>();
        foreach (var entry in catalog.Models)
        {
            foreach (var machine in entry.Regimes.Keys)
            {
                if (store.Baseline(entry.Id, machine) is { } evidence && evidence.Workload.EntrySha256 == entry.Sha256)
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
                .Where(file => SnapshotOfWorkload().Match(Path.GetFileName(file)) is { Success: true } match
                    && !ids.Contains(match.Groups["id"].Value))
                .Select(repository.Relative).Order(StringComparer.Ordinal)];
        return orphans.Count == 0
            ? Checkup.Ok("orphaned snapshots", "none")
            : Checkup.Warn("orphaned snapshots", string.Join(", ", orphans), "No entry of workloads.yaml has these ids: delete the files.");
    }

    [GeneratedRegex(@"\A(?<id>[a-z0-9]+(-[a-z0-9]+)*)(\.[a-z0-9-]+)?\.verified\.txt\z")]
    private static partial Regex SnapshotOfWorkload();
}
