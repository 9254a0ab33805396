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
sealed class AcceptPlan(Repository repository, ModelEntry entry, string sidecar, EvidenceRecord evidence)
{
    /// <summary>As Verify writes snapshots.</summary>
    static readonly UTF8Encoding SnapshotEncoding = new(encoderShouldEmitUTF8Identifier: true);

    public IEnumerable<AcceptStep> Steps()
    {
        var block = BaselineBlock.Of(evidence);
        var baseline = Path.Combine(repository.EvidenceFolder(evidence.Machine.Class), EvidenceFile.Name(evidence));
        var content = File.ReadAllBytes(sidecar);
        yield return Write("write", baseline, content);

        // The snapshots that a test makes once workloads.yaml has the new block.
        var accepted = entry with { Regimes = new Dictionary<string, RegimeBlock>(entry.Regimes) { [evidence.Machine.Class] = block } };
        foreach (var snapshot in Snapshots.Of(repository, accepted, evidence))
            yield return Write("write", snapshot.File, SnapshotBytes(snapshot.Text));

        // Read at its turn, so that an edit made meanwhile is kept.
        yield return new("sync", repository.Relative(repository.WorkloadsYaml), () => Sync(block));

        foreach (var old in EvidenceShelf.Below(Path.GetDirectoryName(baseline)!).Where(other => other.Id == entry.Id && other.Path != baseline))
            yield return new("delete", repository.Relative(old.Path), () => File.Delete(old.Path));
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
