using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Experiments;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Cli.State;

/// <summary>Sidecars of experiments, read with the help of the entries that they answer.</summary>
static class ExperimentEvidence
{
    /// <summary>What follows from its points; null when the entry is no more, or has been reworded since.</summary>
    public static Findings? Findings(WorkloadCatalog catalog, ExperimentRecord record) =>
        catalog.Find(record.Experiment.Id) is ExperimentEntry entry ? ExperimentRunner.Derive(entry, record) : null;

    public static (ExperimentRecord? Record, IReadOnlyList<EvidenceFinding> Findings) Check(WorkloadCatalog catalog, string path) =>
        ExperimentVerifier.Check(path, record => Findings(catalog, record)?.Metrics);

    /// <summary>What is wrong with a sidecar of a workload, of an experiment or of peaks.</summary>
    public static IReadOnlyList<EvidenceFinding> FindingsOfAny(WorkloadCatalog catalog, string path) =>
        ExperimentVerifier.IsExperiment(path) ? Check(catalog, path).Findings : EvidenceVerifier.Verify(path);

    /// <summary>Of a workload or an experiment, when it can be trusted.</summary>
    /// <exception cref="EvidenceException">It has findings; the message lists them.</exception>
    public static IRunRecord Read(WorkloadCatalog catalog, string path)
    {
        if (!ExperimentVerifier.IsExperiment(path))
            return EvidenceFile.Read(path);
        var (record, findings) = Check(catalog, path);
        return record is null || findings.Count > 0 ? throw new EvidenceException(path, findings) : record;
    }
}
