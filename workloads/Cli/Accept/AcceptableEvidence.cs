using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Cli.State;

namespace MlPerfEdu.Workloads.Cli.Accept;

/// <summary>Finds the sidecar to accept, and refuses what must not become a baseline.</summary>
sealed class AcceptableEvidence(Session session, CatalogEntry entry)
{
    /// <summary>The newest run of this entry, as it is now, on this machine class; without <paramref name="force"/> one that passed.</summary>
    public (string Path, IRunRecord Record) Newest(bool force)
    {
        var shelf = new EvidenceShelf(session.Repository);
        (string, IRunRecord)? newest = entry is ExperimentEntry experiment
            ? shelf.NewestOfRuns(experiment, IsAcceptable)
            : shelf.NewestOfRuns(entry.Id, IsAcceptable);
        return newest ?? throw CliErrors.NoEvidence(entry.Id, session.MachineClass);

        bool IsAcceptable(IRunRecord record) =>
            record.Machine.Class == session.MachineClass && record.Subject.EntrySha256 == entry.Sha256 && (force || Failed(record).Count == 0);
    }

    public (string Path, IRunRecord Record) Named(string path, bool force)
    {
        if (!File.Exists(path))
            throw CliErrors.NoSuchPath(path);
        var record = Verified(path);
        if (record.Subject.Id != entry.Id)
            throw CliErrors.OtherWorkload(path, record.Subject.Id, entry.Id);
        if (record.Subject.EntrySha256 != entry.Sha256)
            throw CliErrors.OtherEntry(path, entry.Id);
        if (record.Machine.Class != session.MachineClass)
            throw CliErrors.OtherMachineClass(path, record.Machine.Class, session.MachineClass);
        if (!force && Failed(record) is { Count: > 0 } failed)
            throw CliErrors.VerdictFailed(path, failed);
        return (path, record);
    }

    /// <summary>What speaks against it; --force overrides these and nothing else.</summary>
    public static IReadOnlyList<string> Failed(IRunRecord record) => record is ExperimentRecord experiment
        ? [.. experiment.Checks.Where(check => !check.Met).Select(check => check.ToString())]
        : Failed((EvidenceRecord)record);

    static IReadOnlyList<string> Failed(EvidenceRecord record) =>
    [
        .. record.Validity.Where(line => !line.Met).Select(line => line.ToString()),
        .. record.Regimes.All.Where(verdict => verdict.Value == RegimeValue.Unmeasured).Select(verdict => $"{verdict.Axis.Name()} is unmeasured"),
    ];

    IRunRecord Verified(string path)
    {
        try
        {
            return ExperimentEvidence.Read(session.Catalog, path);
        }
        catch (EvidenceException untrusted)
        {
            throw CliErrors.EvidenceDoesNotVerify(path, untrusted.Findings.Select(finding => finding.ToString()));
        }
    }
}
