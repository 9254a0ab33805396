using MlPerfEdu.Roofline.Classify;

namespace MlPerfEdu.Roofline.Peaks;

/// <summary>Time per byte of streaming over a set of this size.</summary>
public sealed record CapacityPoint(long SetBytes, double SecondsPerByte);

/// <summary>What the last-level cache holds: measured, and as the operating system states it.</summary>
/// <param name="Knee">Largest set that still streams at cache speed and smallest that does not; absent when no knee was found.</param>
/// <param name="StatedBytes">The operating system's figure; absent when it states none.</param>
public sealed record CapacityProbe(IReadOnlyList<CapacityPoint> Points, Interval? Knee, long? StatedBytes)
{
    /// <summary>Covers both answers: in a shared machine either may be the wrong one.</summary>
    public Interval? Bytes => (Knee, StatedBytes) switch
    {
        ({ } knee, { } stated) => knee.Span(Interval.Exactly(stated)),
        ({ } knee, null) => knee,
        (null, { } stated) => Interval.Exactly(stated),
        _ => null,
    };
}
