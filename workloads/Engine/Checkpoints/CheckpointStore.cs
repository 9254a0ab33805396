using System.Security.Cryptography;
using System.Text.Json;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Torch;
using static TorchSharp.torch.nn;

namespace MlPerfEdu.Engine.Checkpoints;

/// <summary>
/// Trained weights in a folder: `SHA-256.weights`, and next to them `workload_key_own digest.json`. Both names follow from the contents, so
/// processes that write at the same time never write different things into one file, and a changed byte shows.
/// </summary>
public sealed class CheckpointStore(string folder)
{
    const int DigitsInName = 12;
    const int KeptPerWorkload = 12;
    static readonly TimeSpan LongestHold = TimeSpan.FromMinutes(1);
    static readonly TimeSpan Grace = TimeSpan.FromHours(6);
    const string WeightsExtension = ".weights";

    /// <summary>Next to the data cache: weights belong to the machine, not to a clone.</summary>
    public static CheckpointStore Open() =>
        new(Path.Combine(Path.GetDirectoryName(DataEnvironment.FromProcess().CacheFolder)!, "checkpoints"));

    public string Folder => folder;

    public CheckpointLookup Find(CheckpointKey key)
    {
        using var held = Hold();
        if (Records(key).Order(StringComparer.Ordinal).FirstOrDefault() is not { } path)
            return new(null, $"{folder} has no weights of {key.Workload} for these settings, data and seed {key.Seed}.");
        var content = File.ReadAllBytes(path);
        if (!path.EndsWith($"_{Start(SHA256.HashData(content))}.json", StringComparison.Ordinal))
            return Damaged(path, $"its contents have SHA-256 {Start(SHA256.HashData(content))}…");
        return Read(content) is not { } record || record.Key.Digest() != key.Digest()
            ? Damaged(path, "it is no record of these weights")
            : Check(record);
    }

    /// <summary>Writes weights that no record names yet; a run that fails afterwards leaves them without effect.</summary>
    /// <returns>Their SHA-256.</returns>
    public string KeepWeights(Module model)
    {
        var digest = "";
        AtomicFile.Write(folder, path => model.save(path), written => (digest = FileDigestOf(written)) + WeightsExtension);
        return digest;
    }

    /// <summary>From here on the weights are found by their key; a record that had the same key is deleted.</summary>
    public Checkpoint Keep(CheckpointKey key, string weightsSha256, EvidenceRecord evidence)
    {
        using var held = Hold();
        var record = new CheckpointRecord(
            CheckpointRecord.CurrentSchema, key, weightsSha256, new FileInfo(WeightsPath(weightsSha256)).Length,
            evidence.Quality, evidence.TrajectorySha256, evidence.ContentSha256);
        var content = CanonicalJson.Serialize(record);
        var path = $"{Path.Combine(folder, Prefix(key))}{Start(SHA256.HashData(content))}.json";
        AtomicFile.Write(path, content);
        foreach (var earlier in Records(key).Where(other => other != path)) File.Delete(earlier);
        Prune(key.Workload);
        return new(record, WeightsPath(weightsSha256));
    }

    // A record must not be deleted between being found and being read.
    FileStream Hold() => RunLock.TakeAsync(Path.Combine(folder, ".lock"), LongestHold, CancellationToken.None).GetAwaiter().GetResult();

    // Settings change more often than anybody clears a cache.
    void Prune(string workload)
    {
        var records = Directory.GetFiles(folder, $"{workload}_*.json").OrderByDescending(File.GetLastWriteTimeUtc);
        foreach (var old in records.Skip(KeptPerWorkload)) File.Delete(old);
        var named = Directory.GetFiles(folder, "*.json").Select(path => Read(File.ReadAllBytes(path))?.WeightsSha256).ToHashSet();
        // Younger ones may belong to a run that is about to write its record.
        foreach (var weights in Directory.GetFiles(folder, $"*{WeightsExtension}"))
        {
            if (File.GetLastWriteTimeUtc(weights) < DateTime.UtcNow - Grace && !named.Contains(Path.GetFileNameWithoutExtension(weights)))
                File.Delete(weights);
        }
    }

    CheckpointLookup Check(CheckpointRecord record)
    {
        var path = WeightsPath(record.WeightsSha256);
        if (!File.Exists(path)) return Damaged(path, "it is gone");
        var found = FileDigestOf(path);
        return found == record.WeightsSha256
            ? new(new(record, path), $"{path}, {record.Quality.Target}.")
            : Damaged(path, $"its contents have SHA-256 {found[..DigitsInName]}…");
    }

    static CheckpointLookup Damaged(string path, string found) =>
        new(null, $"{path} is damaged: {found}, which is not what its name says.", Damaged: true);

    static CheckpointRecord? Read(byte[] content)
    {
        try
        {
            return CanonicalJson.Deserialize<CheckpointRecord>(content);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    string[] Records(CheckpointKey key) => Directory.GetFiles(folder, $"{Prefix(key)}*.json");

    string WeightsPath(string digest) => Path.Combine(folder, digest + WeightsExtension);

    static string Prefix(CheckpointKey key) => $"{key.Workload}_{key.Digest()[..DigitsInName]}_";

    static string Start(byte[] digest) => Convert.ToHexStringLower(digest)[..DigitsInName];

    static string FileDigestOf(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}

/// <summary>Trained weights whose bytes were just checked.</summary>
public sealed record Checkpoint(CheckpointRecord Record, string WeightsPath)
{
    /// <summary>Replaces the weights of a model of the same geometry.</summary>
    public void LoadInto(Module model)
    {
        model.load(WeightsPath);
        if (model is IModelProducts { Products: var products }) products.Forget();
    }
}

/// <param name="Found">Absent when there is none to use.</param>
/// <param name="Why">Where it is from, or why there is none.</param>
/// <param name="Damaged">There are files, but they cannot be trusted.</param>
public sealed record CheckpointLookup(Checkpoint? Found, string Why, bool Damaged = false);

/// <summary>Everything that weights depend on: where it is the same, kept weights are used instead of training.</summary>
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
        EntrySettings.Of(entry, choice.Recipe, PrecisionChoice.Of(choice.Recipe.Precision)),
        choice.Dataset,
        data.ToDictionary(file => file.Name, file => file.Sha256, StringComparer.Ordinal),
        seed,
        Libtorch.Start().Backend);

    public string Digest() => Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Serialize(this)));
}

/// <summary>The record of kept weights: what they were trained for, their quality, and the evidence of it.</summary>
/// <param name="EvidenceSha256">The content hash of the sidecar of the run that trained them.</param>
public sealed record CheckpointRecord(
    int Schema,
    CheckpointKey Key,
    string WeightsSha256,
    long WeightsBytes,
    QualityRecord Quality,
    string TrajectorySha256,
    string EvidenceSha256)
{
    public const int CurrentSchema = 1;
}
