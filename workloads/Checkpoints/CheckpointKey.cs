using System.Security.Cryptography;
using MlPerfEdu.Data;
using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Torch;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Checkpoints;

/// <summary>All that decides what trained weights are worth: where it is the same, weights need not be trained again.</summary>
/// <param name="EntrySha256">Of the entry's statement: model, sizes, recipes, targets.</param>
/// <param name="Settings">As this data set resolves them.</param>
/// <param name="Data">SHA-256 by file.</param>
/// <param name="Engine">Another release may compute otherwise.</param>
public sealed record CheckpointKey(
    string Workload,
    string EntrySha256,
    IReadOnlyDictionary<string, string> Settings,
    string Dataset,
    IReadOnlyDictionary<string, string> Data,
    int Seed,
    string Engine)
{
    public static CheckpointKey Of(WorkloadEntry entry, DataChoice choice, IReadOnlyList<FileDigest> data, int seed) => new(
        entry.Id,
        entry.Sha256,
        EvidenceAssembler.Settings(entry, choice.Recipe),
        choice.Dataset,
        data.ToDictionary(file => file.Name, file => file.Sha256, StringComparer.Ordinal),
        seed,
        Libtorch.Start().Backend);

    public string Digest() => Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Serialize(this)));
}
