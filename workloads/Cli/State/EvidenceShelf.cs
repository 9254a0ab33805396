using System.Text.RegularExpressions;
using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Cli.State;

/// <summary>A sidecar on disk, known by its name.</summary>
sealed record Sidecar(string Path, string Id, string MeasuredAt);

/// <summary>The sidecars of a clone: those of runs and those committed as baselines.</summary>
sealed partial class EvidenceShelf(Repository repository)
{
    public IReadOnlyList<Sidecar> New => Below(repository.NewEvidenceFolder);

    public IReadOnlyList<Sidecar> Baselines => Below(repository.BaselinesFolder);

    /// <summary>The newest that can be trusted, of a run or committed.</summary>
    public (string Path, EvidenceRecord Record)? Newest(string id, Func<EvidenceRecord, bool>? condition = null) =>
        Newest([.. New, .. Baselines], id, Trusted, condition);

    /// <summary>The newest that can be trusted among the committed ones.</summary>
    public (string Path, EvidenceRecord Record)? Committed(string id) => Newest(Baselines, id, Trusted);

    /// <summary>The newest that can be trusted, of a run.</summary>
    public (string Path, EvidenceRecord Record)? NewestOfRuns(string id, Func<EvidenceRecord, bool> condition) => Newest(New, id, Trusted, condition);

    /// <summary>The newest of an experiment that can be trusted, of a run or committed.</summary>
    public (string Path, ExperimentRecord Record)? Newest(ExperimentEntry entry) => Newest([.. New, .. Baselines], entry.Id, path => Trusted(path, entry));

    /// <summary>The newest of an experiment that can be trusted, of a run.</summary>
    public (string Path, ExperimentRecord Record)? NewestOfRuns(ExperimentEntry entry, Func<ExperimentRecord, bool> condition) =>
        Newest(New, entry.Id, path => Trusted(path, entry), condition);

    /// <summary>The committed one of a machine class.</summary>
    public EvidenceRecord? Baseline(string id, string machineClass) => Newest(Baselines, id, Trusted, record => record.Machine.Class == machineClass)?.Record;

    /// <summary>Those in a folder and below it, oldest first.</summary>
    public static IReadOnlyList<Sidecar> Below(string folder) => !Directory.Exists(folder) ? [] :
        [.. from path in Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories)
            let name = NameForm().Match(Path.GetFileName(path))
            let sidecar = name.Success
                ? new Sidecar(path, name.Groups["id"].Value, name.Groups["time"].Value)
                // A renamed sidecar is still one to verify, which will say so.
                : new Sidecar(path, "", "")
            orderby sidecar.MeasuredAt, sidecar.Id, sidecar.Path
            select sidecar];

    /// <summary>The newest of each workload and experiment in a folder and below it.</summary>
    public static IReadOnlyList<Sidecar> NewestBelow(string folder) =>
        [.. Below(folder).Where(sidecar => sidecar.Id.Length > 0)
            .GroupBy(sidecar => sidecar.Id).Select(ofOne => ofOne.Last())];

    static (string Path, T Record)? Newest<T>(IEnumerable<Sidecar> sidecars, string id, Func<string, T?> trusted, Func<T, bool>? condition = null)
        where T : class
    {
        foreach (var sidecar in sidecars.Where(sidecar => sidecar.Id == id).OrderByDescending(sidecar => sidecar.MeasuredAt, StringComparer.Ordinal))
        {
            if (trusted(sidecar.Path) is { } record && (condition is null || condition(record)))
                return (sidecar.Path, record);
        }

        return null;
    }

    static EvidenceRecord? Trusted(string path)
    {
        try
        {
            return EvidenceFile.Read(path);
        }
        catch (EvidenceException)
        {
            // `verify` names it; whoever looks for evidence passes it by.
            return null;
        }
    }

    static ExperimentRecord? Trusted(string path, ExperimentEntry entry)
    {
        var (record, findings) = ExperimentVerifier.Check(path, record => ExperimentRunner.Derive(entry, record)?.Metrics);
        return findings.Count == 0 ? record : null;
    }

    // Temporary files begin with a dot and so never match.
    [GeneratedRegex(@"\A(?<id>[a-z0-9]+(-[a-z0-9]+)*)_(?<time>\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ)_[0-9a-f]{12}\.json\z")]
    private static partial Regex NameForm();
}
