using MlPerfEdu.Roofline.Compare;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Cli.State;

namespace MlPerfEdu.Workloads.Cli.Diff;

/// <summary>The runs that two paths name.</summary>
static class ComparedEvidence
{
    public static EvidenceSetDiff Of(string before, string after, Session session)
    {
        var (was, now) = (Read(before, session), Read(after, session));
        var ids = was.Concat(now).Select(record => record.Subject.Id).Distinct().ToArray();
        return File.Exists(before) && File.Exists(after) && ids.Length > 1
            ? throw CliErrors.TwoWorkloads(before, ids[0], after, ids[1])
            : EvidenceSetDiff.Of(was, now, record => ExperimentEvidence.Findings(session.Catalog, record)?.Compared);
    }

    static List<IRunRecord> Read(string path, Session session)
    {
        if (File.Exists(path))
            return [ExperimentEvidence.Read(session.Catalog, path)];
        if (!Directory.Exists(path))
            throw CliErrors.NoSuchPath(path);
        var newest = EvidenceShelf.NewestBelow(path);
        return newest.Count > 0
            ? [.. newest.Select(sidecar => ExperimentEvidence.Read(session.Catalog, sidecar.Path))]
            : throw CliErrors.NoSidecars(path);
    }
}
