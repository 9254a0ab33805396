using System.Globalization;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Workloads.Experiments;

namespace MlPerfEdu.Workloads.Machine.PeakSweep;

/// <summary>The seed's ten chains in half precision on one Apple M4 Max (2026-03-03), with what follows from their times.</summary>
static class SeedPeaks
{
    public static (SweepPoint Point, double Milliseconds)[] Rows { get; } =
    [
        (new(512, 32, 64), 0.408), (new(512, 48, 64), 0.262), (new(512, 64, 64), 0.244), (new(512, 96, 64), 0.326), (new(512, 128, 64), 0.385),
        (new(256, 64, 64), 0.365), (new(256, 128, 64), 0.454), (new(256, 256, 64), 0.351), (new(384, 64, 64), 0.429), (new(384, 128, 64), 0.354),
    ];

    public static TitledTable Table { get; } = new("The seed's chains (half precision, an accelerator), recomputed: a floor of 0.2 to 0.4 ms hides the small ones", Recomputed());

    static TextTable Recomputed()
    {
        var table = new TextTable(0, "channels", "depth", "S", "GFLOP", "ms", "TFLOP/s", "weights MB", "weights GB/s");
        foreach (var (point, milliseconds) in Rows)
        {
            var weights = 2.0 * point.Channels * point.Channels * point.Depth;
            table.Row(
                $"{point.Channels}", $"{point.Depth}", $"{point.Columns}", Text(point.Flops / 1e9), Text(milliseconds), Text(point.Flops / milliseconds / 1e9),
                Text(weights / 1e6), Text(weights / milliseconds / 1e6));
        }

        return table;
    }

    static string Text(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
