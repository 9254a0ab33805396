using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Experiments;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Cli.State;

/// <summary>Sidecars of experiments, read with the help of the entries that they answer.</summary>
static class ExperimentEvidence
{
    /// <summary>What follows from its points; null when the entry is no more, or has been reworded since.</summary>
    public static Findings? Findings(Session session, ExperimentRecord record) =>
        session.Catalog.Find(record.Experiment.Id) is ExperimentEntry entry ? ExperimentRunner.Derive(entry, record) : null;

    public static (ExperimentRecord? Record, IReadOnlyList<EvidenceFinding> Findings) Check(Session session, string path) =>
        ExperimentVerifier.Check(path, record => Findings(session, record)?.Metrics);

    /// <summary>Of a workload or an experiment, when it can be trusted.</summary>
    /// <exception cref="EvidenceException">It has findings; the message lists them.</exception>
    public static IRunRecord Read(Session session, string path)
    {
        if (!ExperimentVerifier.IsExperiment(path))
            return EvidenceFile.Read(path);
        var (record, findings) = Check(session, path);
        return record is null || findings.Count > 0 ? throw new EvidenceException(path, findings) : record;
    }
}
