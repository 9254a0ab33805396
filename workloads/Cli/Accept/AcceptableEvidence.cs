using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Cli.State;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Cli.Accept;

/// <summary>Finds the sidecar to accept, and refuses what must not become a baseline.</summary>
sealed class AcceptableEvidence(Repository repository, ModelEntry entry, string machineClass)
{
    /// <summary>The newest run of this entry, as it is now, on this machine class; without <paramref name="force"/> one that passed.</summary>
    public (string Path, EvidenceRecord Record) Newest(bool force) =>
        new EvidenceShelf(repository).NewestOfRuns(entry.Id, record =>
            record.Machine.Class == machineClass && record.Workload.EntrySha256 == entry.Sha256 && (force || Failed(record).Count == 0))
        ?? throw CliErrors.NoEvidence(entry.Id, machineClass);

    public (string Path, EvidenceRecord Record) Named(string path, bool force)
    {
        if (!File.Exists(path))
            throw CliErrors.NoSuchPath(path);
        if (ExperimentVerifier.IsExperiment(path))
            throw CliErrors.OtherWorkload(path, "an experiment", entry.Id);
        var findings = EvidenceVerifier.Verify(path);
        if (findings.Count > 0)
            throw CliErrors.EvidenceDoesNotVerify(path, findings.Select(finding => finding.ToString()));
        var record = EvidenceFile.Read(path);
        if (record.Workload.Id != entry.Id)
            throw CliErrors.OtherWorkload(path, record.Workload.Id, entry.Id);
        if (record.Workload.EntrySha256 != entry.Sha256)
            throw CliErrors.OtherEntry(path, entry.Id);
        if (record.Machine.Class != machineClass)
            throw CliErrors.OtherMachineClass(path, record.Machine.Class, machineClass);
        if (!force && Failed(record) is { Count: > 0 } failed)
            throw CliErrors.VerdictFailed(path, failed);
        return (path, record);
    }

    /// <summary>What speaks against it; --force overrides these and nothing else.</summary>
    public static IReadOnlyList<string> Failed(EvidenceRecord record) =>
    [
        .. record.Validity.Where(line => !line.Met).Select(line => line.ToString()),
        .. record.Regimes.All.Where(verdict => verdict.Value == RegimeValue.Unmeasured).Select(verdict => $"{verdict.Axis.Name()} is unmeasured"),
    ];
}
