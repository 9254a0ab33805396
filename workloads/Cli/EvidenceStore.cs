using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using MlPerfEdu.Engine.Experiments;
using MlPerfEdu.Engine.Trust;

namespace MlPerfEdu.Cli;

sealed record Sidecar(string Path, string Id, string MeasuredAt);

/// <summary>The sidecars of a clone: those of runs and those committed as baselines. Each is held against its entry. The folders are listed once for all questions about ids.</summary>
sealed partial class EvidenceStore(Repository repository, WorkloadCatalog catalog)
{
    readonly TrustCheck trust = new(catalog);
    readonly ConcurrentDictionary<string, bool> passedOver = new(StringComparer.Ordinal);

    readonly Lazy<ILookup<string, Sidecar>> runsById = new(() => Below(repository.NewEvidenceFolder).ToLookup(sidecar => sidecar.Id));
    readonly Lazy<ILookup<string, Sidecar>> baselinesById = new(() => Below(repository.BaselinesFolder).ToLookup(sidecar => sidecar.Id));

    public IReadOnlyList<Sidecar> Runs => Below(repository.NewEvidenceFolder);
    public IReadOnlyList<Sidecar> Baselines => Below(repository.BaselinesFolder);

    /// <summary>Files that were asked for and left out, because they cannot be trusted.</summary>
    public IReadOnlyList<string> PassedOver => [.. passedOver.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Any thread may call it.</summary>
    public void PassOver(string path) => passedOver[path] = true;

    /// <summary>The newest of a workload or experiment that can be trusted, of a run or committed.</summary>
    public (string Path, T Record)? Newest<T>(string id, Func<T, bool>? condition = null)
        where T : class, IRunRecord => Newest(runsById.Value[id].Concat(baselinesById.Value[id]), condition);

    public (string Path, IRunRecord Record)? NewestRun(string id, Func<IRunRecord, bool> condition) => Newest(runsById.Value[id], condition);

    /// <summary>The newest of a workload that can be trusted among the committed ones, of one machine class or of any.</summary>
    public EvidenceRecord? Baseline(string id, string? machineClass = null) =>
        Newest<EvidenceRecord>(baselinesById.Value[id], record => machineClass is null || record.Machine.Class == machineClass)?.Record;

    (string Path, T Record)? Newest<T>(IEnumerable<Sidecar> sidecars, Func<T, bool>? condition)
        where T : class, IRunRecord
    {
        foreach (var sidecar in sidecars.OrderByDescending(sidecar => sidecar.MeasuredAt, StringComparer.Ordinal))
        {
            try
            {
                if (Read(sidecar.Path) is T record && (condition is null || condition(record)))
                    return (sidecar.Path, record);
            }
            catch (EvidenceException)
            {
                PassOver(sidecar.Path);
            }
        }
        return null;
    }

    /// <summary>Evidence of a workload or an experiment, when nothing in it is contradicted.</summary>
    /// <exception cref="EvidenceException">It has findings; the message lists them.</exception>
    public IRunRecord Read(string path)
    {
        var (record, verdict) = trust.Of(path);
        if (!verdict.Holds)
            throw new EvidenceException(path, verdict.Findings);
        // A machine's peaks are no run: reading them as one says so.
        return record ?? EvidenceFile.Read(path);
    }

    /// <summary>How far a sidecar of a workload, of an experiment or of peaks can be believed.</summary>
    public (IRunRecord? Record, TrustVerdict Verdict) Verify(string path) => trust.Of(path);

    /// <summary>The same of a record that was read here.</summary>
    public TrustLevel LevelOf(IRunRecord record) => trust.LevelOf(record);

    /// <summary>What follows from the points of an experiment; null when its entry is gone or has changed since.</summary>
    public Findings? Derive(ExperimentRecord record) => trust.Derive(record);

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
