using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Evidence;

/// <summary>The sidecar of a machine's peaks: what was measured, where, by which commit, and what follows from it.</summary>
public sealed record PeakEvidence : ISidecar, ISealed<PeakEvidence>
{
    public const int CurrentSchema = 1;

    const string IdPrefix = "peaks-";

    public required int Schema { get; init; }
    public required SourceState Source { get; init; }
    public required MachineRecord Machine { get; init; }

    /// <summary>With the raw repeats of every probe.</summary>
    public required MachinePeaks Peaks { get; init; }

    public required IReadOnlyList<GemmShare> GemmShares { get; init; }

    /// <summary>Over this document with this field empty; its first 12 digits end the file's name.</summary>
    public string ContentSha256 { get; init; } = "";

    string ISidecar.Id => Id(Machine.Fingerprint);
    string ISidecar.MeasuredAt => Peaks.MeasuredAt;
    PeakEvidence ISealed<PeakEvidence>.WithHash(string sha256) => this with { ContentSha256 = sha256 };

    /// <summary>What the names of all sidecars of this machine's peaks begin with.</summary>
    public static string Id(string fingerprint) => IdPrefix + Fingerprint.Short(fingerprint);

    /// <summary>By its name: a sidecar of peaks, not of a workload.</summary>
    public static bool IsNamed(string path) => Path.GetFileName(path).StartsWith(IdPrefix, StringComparison.Ordinal);

    public static PeakEvidence Of(MachinePeaks peaks, MachineRecord machine, SourceState source) => ContentHash.Seal(new PeakEvidence
    {
        Schema = CurrentSchema,
        Source = source,
        Machine = machine,
        Peaks = peaks,
        GemmShares = GemmShare.Of(peaks),
    });
}

/// <summary>The sidecars of peaks measured earlier; the newest of a machine, libtorch and thread count is in use.</summary>
public sealed class PeakCache(string folder)
{
    /// <summary>The peaks of this machine with this libtorch and thread count, or why there are none.</summary>
    public CachedPeaks Find(string fingerprint, ITorchProbe torch)
    {
        CachedPeaks? newest = null;
        foreach (var path in NewestFirst(fingerprint))
        {
            var found = Check(path, fingerprint, torch);
            newest ??= found;
            // Older peaks stand in for those of another thread count, not for damage, which should be seen.
            if (found.Peaks is not null || found.Damaged)
                return found.Peaks is null ? newest : found;
        }

        return newest ?? new(null, null, $"measured once for this machine and kept in {folder} (none of schema {MachinePeaks.CurrentSchema} there yet)", Damaged: false);
    }

    static CachedPeaks Check(string path, string fingerprint, ITorchProbe torch)
    {
        var (evidence, findings) = EvidenceVerifier.CheckPeaks(path);
        if (evidence is not null && evidence.Schema != PeakEvidence.CurrentSchema)
            return Other($"schema {evidence.Schema} of its sidecar", $"{PeakEvidence.CurrentSchema}");
        if (evidence is null || findings.Count > 0)
            return new(null, path, $"{path} is damaged: {findings[0]} Delete it, or measure the peaks again to replace it.", Damaged: true);
        var peaks = evidence.Peaks;
        return peaks switch
        {
            { Schema: not MachinePeaks.CurrentSchema } => Other($"schema {peaks.Schema}", $"{MachinePeaks.CurrentSchema}"),
            _ when peaks.Fingerprint != fingerprint => Other($"fingerprint {peaks.Fingerprint}", fingerprint),
            _ when peaks.Backend != torch.Backend => Other($"backend '{peaks.Backend}'", $"'{torch.Backend}'"),
            _ when peaks.Threads != torch.Threads => Other($"{peaks.Threads} threads", $"{torch.Threads}"),
            _ => new CachedPeaks(peaks, path, $"{path}, measured {peaks.MeasuredAt}.", Damaged: false),
        };

        CachedPeaks Other(string measured, string expected) =>
            new(null, path, $"{path} was measured with {measured}; this run has {expected}.", Damaged: false);
    }

    public string Save(PeakEvidence evidence) => EvidenceFile.Write(folder, evidence).Path;

    // Names of one machine sort by their time.
    IEnumerable<string> NewestFirst(string fingerprint) => !Directory.Exists(folder) ? [] : Directory
        .EnumerateFiles(folder, $"{PeakEvidence.Id(fingerprint)}_*.json")
        .OrderDescending(StringComparer.Ordinal);
}

/// <param name="Peaks">Absent when there are none to use.</param>
/// <param name="Path">Their sidecar, or the one that cannot be used.</param>
/// <param name="Why">Where they come from, or why there are none.</param>
/// <param name="Damaged">The file is there, but cannot be trusted.</param>
public sealed record CachedPeaks(MachinePeaks? Peaks, string? Path, string Why, bool Damaged);
