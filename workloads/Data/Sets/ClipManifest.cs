using System.Security.Cryptography;
using System.Text;

namespace MlPerfEdu.Data;

/// <summary>The digest of every clip, written as `sha256sum` does and sorted: one digest for all clips, however they are packed.</summary>
sealed class ClipManifest
{
    readonly List<(string Path, string Digest)> _clips = [];

    public void Add(string path, byte[] wav) => _clips.Add((path, Convert.ToHexStringLower(SHA256.HashData(wav))));

    /// <param name="listPath">The published list, when it is at hand: it tells which clip is wrong.</param>
    public void Verify(string archive, string expected, string? listPath)
    {
        _clips.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        var lines = _clips.ConvertAll(c => $"{c.Digest}  {c.Path}");
        var found = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n")))));
        if (found == expected) return;
        var wrong = listPath is null ? null : lines.Except(File.ReadLines(listPath)).FirstOrDefault();
        throw FormatErrors.ClipsDiffer(archive, _clips.Count, found, expected, wrong);
    }
}
