namespace MlPerfEdu.Generator;

/// <summary>Everything that workloads.yaml says, checked.</summary>
public sealed record WorkloadCatalog(int Schema, Thresholds Thresholds, IReadOnlyList<CatalogEntry> Entries)
{
    public IReadOnlyList<WorkloadEntry> Workloads { get; } = [.. Entries.OfType<WorkloadEntry>()];

    /// <summary>Whatever has steps to measure and may have a baseline: workloads that train and those that answer.</summary>
    public IReadOnlyList<ModelEntry> Models { get; } = [.. Entries.OfType<ModelEntry>()];

    public IReadOnlyList<ExperimentEntry> Experiments { get; } = [.. Entries.OfType<ExperimentEntry>()];

    /// <summary>The file this catalog was read from, as it was named to the reader.</summary>
    public required string File { get; init; }

    /// <summary>SHA-256 of the whole file, in lower-case hexadecimal.</summary>
    public required string FileSha256 { get; init; }

    /// <summary>The line of the key <c>suites</c>.</summary>
    public required int SuitesLine { get; init; }

    public CatalogEntry? Find(string id) => Entries.FirstOrDefault(entry => entry.Id == id);

    public WorkloadEntry? FindWorkload(string id) => Find(id) as WorkloadEntry;

    /// <summary>The workload that trains a model and has its data: the entry itself, or the one whose checkpoint it shares.</summary>
    public WorkloadEntry TrainerOf(ModelEntry entry) => entry switch
    {
        InferenceEntry { SharedCheckpoint: var id } => FindWorkload(id)!,
        _ => (WorkloadEntry)entry,
    };

    /// <summary>The entries of one suite, in the order of the file.</summary>
    public IEnumerable<CatalogEntry> InSuite(string suite) => Entries.Where(entry => entry.Suite == suite);
}
