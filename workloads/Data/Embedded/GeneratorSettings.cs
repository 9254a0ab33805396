namespace MlPerfEdu.Data;

/// <summary>What an embedded data set is made from; datasets.yaml pins the values and the digest of the result.</summary>
/// <param name="Train">Samples in the training split.</param>
/// <param name="Test">Samples in the split that is only scored.</param>
public sealed record GeneratorSettings(string DataSet, ulong Seed, int Train, int Test)
{
    /// <summary>Looked at between samples.</summary>
    public CancellationToken Stop { get; init; }

    internal ParallelOptions Parallel => new() { CancellationToken = Stop };

    internal Provenance Provenance() =>
        new(DataSet, DataTier.Embedded, [], $"{DataSet}: {Train} + {Test} generated samples, seed {Seed}; not a real data set.");
}
