using System.Globalization;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Workloads.Experiments;

namespace MlPerfEdu.Workloads.Machine.PeakSweep;

static class SweepTables
{
    public static TitledTable Of(SweepRun run)
    {
        var table = new TextTable(
            0, "channels", "depth", "S", "FLOP/byte", "ms", "GFLOP/s", "of the largest", "weights GB/s", "calls cost");
        foreach (var (point, samples) in run.Chains)
        {
            var seconds = Statistics.Median(samples);
            table.Row(
                $"{point.Channels}", $"{point.Depth}", $"{point.Columns}",
                Text(point.Flops / point.Bytes, "0.0"), Text(seconds * 1e3, "0.000"),
                Text(point.Flops / seconds / 1e9, "0.0"), Units.Percent(point.Flops / seconds / run.LargestRate),
                Text(point.WeightBytes / seconds / 1e9, "0.0"), Units.Percent(point.Depth * run.Floor / seconds));
        }

        return new(
            $"{run.With}: the largest product reaches {Text(run.LargestRate / 1e9, "0.0")} GFLOP/s, "
            + $"an empty operator takes {Text(run.Floor * 1e6, "0.00")} us", table);
    }

    /// <summary>What is the same on every machine.</summary>
    public static string Portable(IEnumerable<SweepPoint> sweep)
    {
        var table = new TextTable(0, "channels", "depth", "S", "FLOP", "bytes", "FLOP/byte");
        foreach (var point in sweep)
        {
            table.Row(
                $"{point.Channels}", $"{point.Depth}", $"{point.Columns}", Units.Count((long)point.Flops), Units.Count((long)point.Bytes),
                Text(point.Flops / point.Bytes, "0.00"));
        }

        return $"peak-sweep\n\n{table}\n{SeedPeaks.Table.Title}\n{SeedPeaks.Table.Table}";
    }

    static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
