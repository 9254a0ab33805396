using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Roofline.Peaks;

/// <summary>The sidecars of peaks measured earlier; the newest of a machine is in use.</summary>
public sealed class PeakCache(string folder)
{
    /// <summary>The peaks of this machine with this libtorch and thread count, or why there are none.</summary>
    public CachedPeaks Find(string fingerprint, ITorchProbe torch)
    {
        if (Newest(fingerprint) is not { } path)
            return new CachedPeaks(null, null, $"{folder} has no peaks of this machine yet (schema {MachinePeaks.CurrentSchema}).", Damaged: false);
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
    string? Newest(string fingerprint) => !Directory.Exists(folder) ? null : Directory
        .EnumerateFiles(folder, $"{PeakEvidence.Id(fingerprint)}_*.json")
        .Order(StringComparer.Ordinal)
        .LastOrDefault();
}

/// <param name="Peaks">Absent when there are none to use.</param>
/// <param name="Path">Their sidecar, or the one that cannot be used.</param>
/// <param name="Why">Where they come from, or why there are none.</param>
/// <param name="Damaged">The file is there, but cannot be trusted.</param>
public sealed record CachedPeaks(MachinePeaks? Peaks, string? Path, string Why, bool Damaged);
