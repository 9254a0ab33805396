using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Workloads.Cli.State;

namespace MlPerfEdu.Workloads.Cli.Report;

/// <summary>One sidecar of each workload, beside its baseline.</summary>
sealed class ResultsReport
{
    readonly Dictionary<string, EvidenceRecord> _baselines = [];

    ResultsReport(WorkloadCatalog catalog, EvidenceShelf shelf, Func<string, EvidenceRecord?> find)
    {
        foreach (var entry in catalog.Models)
        {
            if (find(entry.Id) is not { } record)
            {
                Missing.Add(entry.Id);
                continue;
            }

            Records.Add(record);
            if (shelf.Baseline(entry.Id, record.Machine.Class) is { } baseline)
                _baselines[entry.Id] = baseline;
        }
    }

    /// <summary>Of the newest evidence, a run's or committed.</summary>
    public static ResultsReport Newest(WorkloadCatalog catalog, EvidenceShelf shelf) => new(catalog, shelf, id => shelf.Newest(id)?.Record);

    /// <summary>Of committed evidence alone: what anybody's clone has.</summary>
    public static ResultsReport Committed(WorkloadCatalog catalog, EvidenceShelf shelf) => new(catalog, shelf, id => shelf.Committed(id)?.Record);

    public List<EvidenceRecord> Records { get; } = [];

    /// <summary>Workloads without evidence.</summary>
    public List<string> Missing { get; } = [];

    public string Markdown() => SafeText.Lines(Records.Count == 0
        ? "No evidence yet.\n"
        : $"""
            Measured on {ResultsTable.Machines(Records)}.

            {ResultsTable.Render(Records, _baselines)}
            Unofficial results, not verified by MLCommons. "met" covers the target and every other constraint of a run.

            """);
}
