namespace MlPerfEdu.Generator;

/// <summary>Everything that workloads.yaml says, checked.</summary>
public sealed record WorkloadCatalog(int Schema, Thresholds Thresholds, IReadOnlyList<WorkloadEntry> Workloads)
{
    /// <summary>The file this catalog was read from, as it was named to the reader.</summary>
    public required string File { get; init; }

    /// <summary>SHA-256 of the whole file, in lower-case hexadecimal.</summary>
    public required string FileSha256 { get; init; }

    /// <summary>The line of the key <c>suites</c>.</summary>
    public required int SuitesLine { get; init; }

    public WorkloadEntry? Find(string id) => Workloads.FirstOrDefault(entry => entry.Id == id);

    /// <summary>The workloads of one suite, in the order of the file.</summary>
    public IEnumerable<WorkloadEntry> InSuite(string suite) => Workloads.Where(entry => entry.Suite == suite);
}
