namespace MlPerfEdu.Catalog;

/// <summary>A catalog, or the reasons why there is none; never both.</summary>
public sealed record CatalogReadResult(WorkloadCatalog? Catalog, IReadOnlyList<Diagnostic> Diagnostics);

/// <summary>Reads and checks workloads.yaml. Whatever it holds, the answer is a catalog or coded errors, never an exception.</summary>
public static class WorkloadCatalogReader
{
    // A broken entry hides what follows it; beyond so many of them the list of errors is long enough.
    const int MostRecoveries = 8;

    /// <summary>References to data sets are checked against datasets.yaml in the same folder, when there is one.</summary>
    public static CatalogReadResult Read(string path)
    {
        var datasets = Path.Combine(Path.GetDirectoryName(path) ?? "", "datasets.yaml");
        return Read(path, File.Exists(datasets) ? datasets : null);
    }

    /// <summary>Without a data set file, references stay unchecked.</summary>
    public static CatalogReadResult Read(string path, string? datasetsPath)
    {
        var datasetProblems = new Problems(datasetsPath ?? "");
        var datasets = datasetsPath is null ? null : ReadDatasetIds(datasetsPath, datasetProblems);
        var problems = new Problems(path);
        var catalog = Read(SourceText.Read(path, problems), path, datasets, problems);
        IReadOnlyList<Diagnostic> diagnostics = [.. problems.ToList(), .. datasetProblems.ToList()];
        return new(diagnostics.Count == 0 ? catalog : null, diagnostics);
    }

    /// <summary>The same for a file that is already in memory; <paramref name="file"/> only names it.</summary>
    public static CatalogReadResult ReadBytes(ReadOnlySpan<byte> bytes, string file, IReadOnlyList<string>? datasets = null)
    {
        var problems = new Problems(file);
        var catalog = Read(SourceText.Of(bytes, problems), file, datasets, problems);
        return new(problems.Any ? null : catalog, problems.ToList());
    }

    static WorkloadCatalog? Read(SourceText? source, string file, IReadOnlyList<string>? datasets, Problems problems)
    {
        WorkloadCatalog? catalog = null;
        for (var pass = 0; source is not null && pass <= MostRecoveries; pass++)
        {
            var found = new Problems(file);
            var root = YamlTreeReader.Read(source.Text, found, out var stoppedAtLine);
            var isWhole = stoppedAtLine == 0 && source.DamagedLines.Count == 0;
            if (root is not null)
                catalog = new CatalogCheck(datasets, isWhole, found).Read(root, file, source.Sha256);
            problems.Adopt(found, source.DamagedLines);
            // The text after a syntax error is checked once the block around the error is blanked.
            if (stoppedAtLine == 0 || !source.BlankBlock(stoppedAtLine))
                break;
        }
        return catalog;
    }

    // The ids that datasets.yaml declares; the data library checks the rest of that file.
    static IReadOnlyList<string>? ReadDatasetIds(string path, Problems problems)
    {
        if (SourceText.Read(path, problems) is not { } source || YamlTreeReader.Read(source.Text, problems, out _) is not { } root)
            return null;
        var known = (root as YamlMapping)?.Pairs.Select(pair => pair.Key.Text).ToArray() ?? ["datasets"];
        var datasets = new Fields(root, "the file", known, problems).Required("datasets").Pairs("a mapping from ids to data sets");
        return problems.Any ? null : [.. datasets.Select(dataset => dataset.Key.Text)];
    }
}

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
