using System.Text.RegularExpressions;
using MlPerfEdu.Engine.Experiments;

namespace MlPerfEdu.Cli;

sealed record Sidecar(string Path, string Id, string MeasuredAt);

/// <summary>The sidecars of a clone: those of runs and those committed as baselines. An experiment is checked against its entry.</summary>
sealed partial class EvidenceStore(Repository repository, WorkloadCatalog catalog)
{
    public IReadOnlyList<Sidecar> Runs => Below(repository.NewEvidenceFolder);
    public IReadOnlyList<Sidecar> Baselines => Below(repository.BaselinesFolder);

    /// <summary>The newest of a workload or experiment that can be trusted, of a run or committed.</summary>
    public (string Path, T Record)? Newest<T>(string id, Func<T, bool>? condition = null)
        where T : class, IRunRecord => Newest([.. Runs, .. Baselines], id, condition);

    public (string Path, IRunRecord Record)? NewestRun(string id, Func<IRunRecord, bool> condition) => Newest(Runs, id, condition);

    /// <summary>The newest of a workload that can be trusted among the committed ones, of one machine class or of any.</summary>
    public EvidenceRecord? Baseline(string id, string? machineClass = null) =>
        Newest<EvidenceRecord>(Baselines, id, record => machineClass is null || record.Machine.Class == machineClass)?.Record;

    (string Path, T Record)? Newest<T>(IEnumerable<Sidecar> sidecars, string id, Func<T, bool>? condition)
        where T : class, IRunRecord
    {
        foreach (var sidecar in sidecars.Where(sidecar => sidecar.Id == id).OrderByDescending(sidecar => sidecar.MeasuredAt, StringComparer.Ordinal))
        {
            try
            {
                if (Read(sidecar.Path) is T record && (condition is null || condition(record)))
                    return (sidecar.Path, record);
            }
            catch (EvidenceException)
            {
                // `verify` names it; everything else passes it by.
            }
        }
        return null;
    }

    /// <summary>Evidence of a workload or an experiment, when it can be trusted.</summary>
    /// <exception cref="EvidenceException">It has findings; the message lists them.</exception>
    public IRunRecord Read(string path)
    {
        if (!ExperimentVerifier.IsExperiment(path))
            return EvidenceFile.Read(path);
        var (record, findings) = CheckExperiment(path);
        return record is null || findings.Count > 0 ? throw new EvidenceException(path, findings) : record;
    }

    /// <summary>What is wrong with a sidecar of a workload, of an experiment or of peaks.</summary>
    public IReadOnlyList<EvidenceFinding> Verify(string path) =>
        ExperimentVerifier.IsExperiment(path) ? CheckExperiment(path).Findings : EvidenceVerifier.Verify(path);

    /// <summary>What follows from the points of an experiment; null when its entry is gone or has changed since.</summary>
    public Findings? Derive(ExperimentRecord record) =>
        catalog.Find(record.Experiment.Id) is ExperimentEntry entry ? ExperimentRunner.Derive(entry, record) : null;

    (ExperimentRecord? Record, IReadOnlyList<EvidenceFinding> Findings) CheckExperiment(string path) =>
        ExperimentVerifier.Check(path, record => Derive(record)?.Metrics);

    /// <summary>All sidecars in a folder and below it, oldest first.</summary>
    public static IReadOnlyList<Sidecar> Below(string folder) => !Directory.Exists(folder) ? [] :
        [.. from path in Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories)
            let name = NameForm().Match(Path.GetFileName(path))
            let sidecar = name.Success
                ? new Sidecar(path, name.Groups["id"].Value, name.Groups["time"].Value)
                // A renamed sidecar is still one to verify, which will say so.
                : new Sidecar(path, "", "")
            orderby sidecar.MeasuredAt, sidecar.Id, sidecar.Path
            select sidecar];

    // Temporary files begin with a dot and so never match.
    [GeneratedRegex(@"\A(?<id>[a-z0-9]+(-[a-z0-9]+)*)_(?<time>\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ)_[0-9a-f]{12}\.json\z")]
    private static partial Regex NameForm();
}
