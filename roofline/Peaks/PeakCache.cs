using System.Text.Json;
using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Roofline.Peaks;

/// <summary>Peaks kept from an earlier run, one file per machine.</summary>
public sealed class PeakCache(string folder)
{
    const int FingerprintDigits = 12;

    public string PathOf(string fingerprint) => Path.Combine(folder, $"peaks_{fingerprint[..FingerprintDigits]}.json");

    /// <summary>The peaks of this machine with this libtorch and thread count, or why there are none.</summary>
    public CachedPeaks Find(string fingerprint, ITorchProbe torch)
    {
        var path = PathOf(fingerprint);
        if (!File.Exists(path))
            return new CachedPeaks(null, $"{path} does not exist yet.", Damaged: false);
        try
        {
            var bytes = File.ReadAllBytes(path);
            var peaks = CanonicalJson.Deserialize<MachinePeaks>(bytes);
            var intact = peaks.ContentSha256 == ContentHash.Of(peaks) && bytes.AsSpan().SequenceEqual(CanonicalJson.Serialize(peaks));
            return intact ? Matching(path, peaks, fingerprint, torch) : Broken(path, "its content does not have the hash that it states.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            return Broken(path, error.Message);
        }
    }

    public string Save(MachinePeaks peaks)
    {
        var path = PathOf(peaks.Fingerprint);
        AtomicFile.Write(path, CanonicalJson.Serialize(peaks));
        return path;
    }

    static CachedPeaks Matching(string path, MachinePeaks peaks, string fingerprint, ITorchProbe torch)
    {
        if (peaks.Schema != MachinePeaks.CurrentSchema)
            return Other($"schema {peaks.Schema}", $"{MachinePeaks.CurrentSchema}");
        if (peaks.Fingerprint != fingerprint)
            return Other($"fingerprint {peaks.Fingerprint}", fingerprint);
        if (peaks.Backend != torch.Backend)
            return Other($"backend '{peaks.Backend}'", $"'{torch.Backend}'");
        if (peaks.Threads != torch.Threads)
            return Other($"{peaks.Threads} threads", $"{torch.Threads}");
        return new CachedPeaks(peaks, $"{path}, measured {peaks.MeasuredAt}.", Damaged: false);

        CachedPeaks Other(string found, string expected) =>
            new(null, $"{path} was measured with {found}; this run has {expected}.", Damaged: false);
    }

    static CachedPeaks Broken(string path, string why) =>
        new(null, $"{path} is damaged: {why} Delete it, or measure the peaks again to replace it.", Damaged: true);
}

/// <param name="Peaks">Absent when there are none to use.</param>
/// <param name="Why">Where they come from, or why there are none.</param>
/// <param name="Damaged">The file is there, but cannot be trusted.</param>
public sealed record CachedPeaks(MachinePeaks? Peaks, string Why, bool Damaged);
