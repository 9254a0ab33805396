using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Report;

public static class PeaksTable
{
    public static string Render(MachinePeaks peaks)
    {
        var table = new TextTable(3, "probe", "level", "convention", "threads", "size", "best", "median", "samples");
        foreach (var series in peaks.Series)
        {
            table.Row(
                Name(series.Kind), series.Level, series.Convention, Units.Count(series.Threads),
                series.Size == 0 ? "" : series.Unit == PeakSeries.Bytes ? Units.Si(series.Size, "B") : Units.Count(series.Size),
                Units.Si(series.Best, series.Unit), Units.Si(series.Median, series.Unit), Units.Count(series.Samples.Count));
        }

        return $"{table}\nLast-level cache: {Cache(peaks.LastLevelCache)}\n";
    }

    static string Name(PeakKind kind) => kind switch
    {
        PeakKind.EmptyOperator => "empty operator",
        _ => kind.ToString().ToLowerInvariant(),
    };

    static string Cache(CapacityProbe probe)
    {
        var stated = probe.StatedBytes is { } bytes ? $"the system states {Units.Si(bytes, "B")}" : "the system states none";
        return probe.Knee is { } knee
            ? $"streaming slows down between {Units.Si(knee.Low, "B")} and {Units.Si(knee.High, "B")}; {stated}."
            : $"no knee found; {stated}.";
    }
}
