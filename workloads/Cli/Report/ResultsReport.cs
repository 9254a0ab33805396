using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Workloads.Cli.State;

namespace MlPerfEdu.Workloads.Cli.Report;

/// <summary>The newest evidence of each workload, beside its baseline.</summary>
sealed class ResultsReport
{
    readonly Dictionary<string, EvidenceRecord> _baselines = [];

    public ResultsReport(WorkloadCatalog catalog, EvidenceShelf shelf)
    {
        foreach (var entry in catalog.Workloads)
        {
            if (shelf.Newest(entry.Id) is not { } newest)
            {
                Missing.Add(entry.Id);
                continue;
            }

            Records.Add(newest.Record);
            if (shelf.Baseline(entry.Id, newest.Record.Machine.Class) is { } baseline)
                _baselines[entry.Id] = baseline;
        }
    }

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
