using System.Text;
using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Cli.State;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Cli.Accept;

/// <summary>
/// Everything that makes one sidecar the baseline, in an order that may stop anywhere: a sidecar that nobody names yet does no harm,
/// workloads.yaml names the new one only once it is there, and the old one goes last. Accepting again finishes what was stopped.
/// </summary>
sealed class AcceptPlan(Repository repository, CatalogEntry entry, string sidecar, IRunRecord evidence)
{
    /// <summary>As Verify writes snapshots.</summary>
    static readonly UTF8Encoding SnapshotEncoding = new(encoderShouldEmitUTF8Identifier: true);

    public IEnumerable<AcceptStep> Steps()
    {
        var baseline = Path.Combine(repository.EvidenceFolder(evidence.Machine.Class), EvidenceFile.Name(evidence));
        yield return Write("write", baseline, File.ReadAllBytes(sidecar));

        foreach (var snapshot in evidence is ExperimentRecord found ? Texts(found) : Texts((EvidenceRecord)evidence))
            yield return Write("write", snapshot.File, SnapshotBytes(snapshot.Text));

        // An experiment has no regime that workloads.yaml could state. Read at its turn, so that an edit made meanwhile is kept.
        if (evidence is EvidenceRecord run)
            yield return new("sync", repository.Relative(repository.WorkloadsYaml), () => Sync(BaselineBlock.Of(run)));

        foreach (var old in EvidenceShelf.Below(Path.GetDirectoryName(baseline)!).Where(other => other.Id == entry.Id && other.Path != baseline))
            yield return new("delete", repository.Relative(old.Path), () => File.Delete(old.Path));
    }

    /// <summary>The snapshots that a test makes once workloads.yaml has the new block.</summary>
    IReadOnlyList<Snapshot> Texts(EvidenceRecord run)
    {
        var model = (ModelEntry)entry;
        var regimes = new Dictionary<string, RegimeBlock>(model.Regimes) { [run.Machine.Class] = BaselineBlock.Of(run) };
        return Snapshots.Of(repository, model with { Regimes = regimes }, run);
    }

    IReadOnlyList<Snapshot> Texts(ExperimentRecord found)
    {
        var experiment = (ExperimentEntry)entry;
        return [Snapshots.Of(repository, experiment, ExperimentRunner.Derive(experiment, found)!.Portable)];
    }

    AcceptStep Write(string action, string path, byte[] content) =>
        new(action, repository.Relative(path), () => AtomicFile.Write(path, content));

    static byte[] SnapshotBytes(string text) => [.. SnapshotEncoding.Preamble, .. SnapshotEncoding.GetBytes(text.ReplaceLineEndings("\n"))];

    void Sync(RegimeBlock block)
    {
        var bytes = File.ReadAllBytes(repository.WorkloadsYaml);
        // Decoded with its mark, if it has one, so that it is written back.
        var before = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        var after = RegimeBlockWriter.Replace(before, entry.Id, evidence.Machine.Class, block);
        if (after != before)
            AtomicFile.Write(repository.WorkloadsYaml, new UTF8Encoding(false).GetBytes(after));
    }
}
