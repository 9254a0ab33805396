using MlPerfEdu.Roofline.Compare;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Cli.State;

namespace MlPerfEdu.Workloads.Cli.Diff;

/// <summary>The runs that two paths name.</summary>
static class ComparedEvidence
{
    public static EvidenceSetDiff Of(string before, string after)
    {
        var (was, now) = (Read(before), Read(after));
        var ids = was.Concat(now).Select(record => record.Workload.Id).Distinct().ToArray();
        return File.Exists(before) && File.Exists(after) && ids.Length > 1
            ? throw CliErrors.TwoWorkloads(before, ids[0], after, ids[1])
            : EvidenceSetDiff.Of(was, now);
    }

    static List<EvidenceRecord> Read(string path)
    {
        if (File.Exists(path))
            return [EvidenceFile.Read(path)];
        if (!Directory.Exists(path))
            throw CliErrors.NoSuchPath(path);
        var newest = EvidenceShelf.NewestBelow(path);
        return newest.Count > 0 ? [.. newest.Select(sidecar => EvidenceFile.Read(sidecar.Path))] : throw CliErrors.NoSidecars(path);
    }
}
