using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Report;

namespace MlPerfEdu.Roofline.Evidence;

/// <summary>
/// Whether the roofs of two runs lie so far apart that the same step may use another share of them through no doing of the workload.
/// </summary>
public static class RoofShift
{
    /// <summary>Calibration holds to a tenth on either side; what is below this a baseline in the grey band has room for.</summary>
    public const double Limit = 1.5;

    /// <summary>Absent when the roofs are alike, or when one of the runs was not measured.</summary>
    public static string? Between(EvidenceRecord baseline, EvidenceRecord now)
    {
        if (Point(baseline) is not { } was || Point(now) is not { } found)
            return null;
        return Shift("compute roof", "FLOP/s", was.Compute, found.Compute) ?? Shift("memory roof", "B/s", was.MemoryRoof, found.MemoryRoof);
    }

    static RooflinePoint? Point(EvidenceRecord record) =>
        RooflinePoint.From(record.Count, record.Measurement, record.Peaks, record.Regimes[RegimeAxis.WorkingSet].Value);

    static string? Shift(string roof, string unit, Interval was, Interval found) =>
        Math.Max(found.Middle / was.Middle, was.Middle / found.Middle) > Limit
            ? $"the {roof} is at {Units.Si(found.Middle, unit)}, and was at {Units.Si(was.Middle, unit)}"
            : null;
}
