namespace MlPerfEdu.Catalog;

/// <summary>workloads.yaml, checked.</summary>
public sealed record WorkloadCatalog(int Schema, RegimeThresholds Thresholds, IReadOnlyList<CatalogEntry> Entries)
{
    public IReadOnlyList<WorkloadEntry> Workloads { get; } = [.. Entries.OfType<WorkloadEntry>()];

    /// <summary>Entries whose steps are measured and that may have a baseline: training and inference.</summary>
    public IReadOnlyList<ModelEntry> Models { get; } = [.. Entries.OfType<ModelEntry>()];

    public IReadOnlyList<ExperimentEntry> Experiments { get; } = [.. Entries.OfType<ExperimentEntry>()];

    /// <summary>The path that the reader was given.</summary>
    public required string File { get; init; }

    /// <summary>SHA-256 of the whole file, in lower-case hexadecimal.</summary>
    public required string FileSha256 { get; init; }

    /// <summary>The line of the key <c>suites</c>.</summary>
    public required int SuitesLine { get; init; }

    public CatalogEntry? Find(string id) => Entries.FirstOrDefault(entry => entry.Id == id);

    public WorkloadEntry? FindWorkload(string id) => Find(id) as WorkloadEntry;

    /// <summary>The workload that trains an entry's model and has its data: the entry itself, or the one whose checkpoint it shares.</summary>
    public WorkloadEntry TrainerOf(ModelEntry entry) =>
        entry is InferenceEntry inference ? FindWorkload(inference.SharedCheckpoint)! : (WorkloadEntry)entry;

    /// <summary>In the order of the file.</summary>
    public IEnumerable<CatalogEntry> InSuite(string suite) => Entries.Where(entry => entry.Suite == suite);
}
