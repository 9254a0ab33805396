using System.Security.Cryptography;
using System.Text;
using MlPerfEdu.Roofline;
using static TorchSharp.torch.nn;

namespace MlPerfEdu.Engine.Checkpoints;

/// <summary>
/// Weights that follow from other weights by a recipe: kept as `name_key_digest.derived`, so that the same weights and recipe find them and
/// a changed byte does not.
/// </summary>
public sealed class DerivedWeights(string folder)
{
    const int DigitsInName = 12;

    // Those of real and of generated data: whoever runs on both would make each again and again.
    const int KeptPerName = 2;

    /// <summary>Fills the model with kept weights, or makes them and keeps them.</summary>
    /// <param name="origin">Everything that they follow from.</param>
    /// <returns>Whether they were made now.</returns>
    public bool LoadOrMake(string name, string origin, Module model, Action make)
    {
        var start = $"{name}_{Start(SHA256.HashData(Encoding.UTF8.GetBytes(origin)))}_";
        Directory.CreateDirectory(folder);
        foreach (var kept in Directory.GetFiles(folder, $"{start}*.derived"))
        {
            if (kept.EndsWith($"_{DigestOf(kept)}.derived", StringComparison.Ordinal))
            {
                model.load(kept);
                return false;
            }
        }

        make();
        AtomicFile.Write(folder, path => model.save(path), written =>
        {
            var earlier = Directory.GetFiles(folder, $"{name}_*.derived").OrderByDescending(File.GetLastWriteTimeUtc);
            foreach (var old in earlier.Skip(KeptPerName - 1)) File.Delete(old);
            return $"{start}{DigestOf(written)}.derived";
        });
        return true;
    }

    static string DigestOf(string path)
    {
        using var stream = File.OpenRead(path);
        return Start(SHA256.HashData(stream));
    }

    static string Start(byte[] digest) => Convert.ToHexStringLower(digest)[..DigitsInName];
}
