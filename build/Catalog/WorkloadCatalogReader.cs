namespace MlPerfEdu.Generator;

/// <summary>A catalog, or the reasons why there is none; never both.</summary>
public sealed record CatalogReadResult(WorkloadCatalog? Catalog, IReadOnlyList<Diagnostic> Diagnostics);

/// <summary>Reads and checks workloads.yaml. Whatever it holds, the answer is a catalog or coded errors, never an exception.</summary>
public static class WorkloadCatalogReader
{
    // A broken entry hides what follows it; beyond so many of them the list of errors is long enough.
    const int MostRecoveries = 8;

    /// <summary>References to data sets are checked against datasets.yaml beside the file, when there is one.</summary>
    public static CatalogReadResult Read(string path)
    {
        var beside = Path.Combine(Path.GetDirectoryName(path) ?? "", "datasets.yaml");
        return Read(path, File.Exists(beside) ? beside : null);
    }

    /// <param name="path">The workloads file.</param>
    /// <param name="datasetsPath">The data set file; null leaves references unchecked.</param>
    public static CatalogReadResult Read(string path, string? datasetsPath)
    {
        var datasetProblems = new Problems(datasetsPath ?? "");
        var datasets = datasetsPath is null ? null : DatasetIds.Read(datasetsPath, datasetProblems);
        var problems = new Problems(path);
        var catalog = SourceFile.Read(path, problems) is { } bytes ? ReadBytes(bytes, path, datasets, problems) : null;
        IReadOnlyList<Diagnostic> diagnostics = [.. problems.ToList(), .. datasetProblems.ToList()];
        return new(diagnostics.Count == 0 ? catalog : null, diagnostics);
    }

    /// <summary>The same for a file that is already in memory; <paramref name="file"/> only names it.</summary>
    public static CatalogReadResult ReadBytes(ReadOnlySpan<byte> bytes, string file, IReadOnlyList<string>? datasets = null)
    {
        var problems = new Problems(file);
        var catalog = ReadBytes(bytes, file, datasets, problems);
        return new(problems.Any ? null : catalog, problems.ToList());
    }

    static WorkloadCatalog? ReadBytes(ReadOnlySpan<byte> bytes, string file, IReadOnlyList<string>? datasets, Problems problems)
    {
        var damaged = new HashSet<int>();
        if (SourceText.Decode(bytes, problems) is not { } decoded || SourceText.Sanitise(decoded, problems, damaged) is not { } text)
            return null;
        var source = new SourceIdentity(file, Digests.Sha256(bytes));
        WorkloadCatalog? catalog = null;
        for (var pass = 0; pass <= MostRecoveries; pass++)
        {
            var found = new Problems(file);
            var root = YamlTreeReader.Read(text, found, out var stoppedAtLine);
            if (root is not null)
                catalog = CatalogCheck.Read(root, source, datasets, stoppedAtLine == 0 && damaged.Count == 0, found);
            problems.Adopt(found, damaged);
            // What stands after a syntax error is checked once the block around the error is out of the way.
            if (stoppedAtLine == 0 || Recovery.BlankBlock(text, stoppedAtLine, damaged) is not { } remaining)
                break;
            text = remaining;
        }
        return catalog;
    }
}
