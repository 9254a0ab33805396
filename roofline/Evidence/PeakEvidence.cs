using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Evidence;

/// <summary>The sidecar of a machine's peaks: what was measured, where, by which commit, and what follows from it.</summary>
public sealed record PeakEvidence
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
