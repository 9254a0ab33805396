using System.Globalization;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Workloads.Experiments;

namespace MlPerfEdu.Workloads.Machine.CacheProbe;

/// <summary>
/// The seed's search for a spill: products of C×C half-precision weights with S columns, judged by FLOP/s per MB of weights. With 2·C²·S FLOP and
/// 2·C² bytes that is S·1.048576/ms whatever C is: inverse latency. What a spill would slow down is the rate at which weights stream.
/// </summary>
static class SeedSpill
{
    // Channels, columns, milliseconds, and the flag that was set (one Apple M4 Max, 2026-03-03).
    static readonly (int Channels, int Columns, double Milliseconds, string Flag)[] Rows =
    [
        (256, 64, 0.378, ""), (512, 64, 0.431, ""), (1024, 64, 0.411, ""), (1536, 64, 0.493, ""), (2048, 64, 0.410, ""),
        (2560, 64, 0.237, "peak efficiency"), (3072, 64, 0.335, ""), (3584, 64, 0.414, ""), (4096, 64, 1.134, "spilling"), (4608, 64, 0.563, ""),
        (5120, 64, 0.659, ""), (6144, 64, 0.844, "spilling"), (8192, 32, 4.203, "catastrophic spilling"),
    ];

    public static TitledTable Table { get; } = new("The seed's spill table, recomputed: GFLOPS/MB is S*1.048576/ms, so it cannot see a spill; the weights' rate can", Recomputed());

    /// <summary>The seed's metric from its definition: FLOP/s over the weights in MiB.</summary>
    public static double GflopsPerMib(int channels, int columns, double milliseconds) =>
        Flops(channels, columns) / milliseconds / 1e6 / (WeightBytes(channels) / 1048576);

    static double Flops(int channels, int columns) => 2.0 * channels * channels * columns;

    static double WeightBytes(int channels) => 2.0 * channels * channels;

    static TextTable Recomputed()
    {
        var table = new TextTable(1, "seed's flag", "channels", "S", "ms", "TFLOP/s", "GFLOPS/MB", "S*1.048576/ms", "weights MB", "weights GB/s");
        foreach (var (channels, columns, milliseconds, flag) in Rows)
        {
            table.Row(
                flag, $"{channels}", $"{columns}", Text(milliseconds, "0.000"), Text(Flops(channels, columns) / milliseconds / 1e9, "0.000"),
                Text(GflopsPerMib(channels, columns, milliseconds), "0.0"), Text(columns * 1.048576 / milliseconds, "0.0"),
                Text(WeightBytes(channels) / 1e6, "0.0"), Text(WeightBytes(channels) / milliseconds / 1e6, "0.0"));
        }

        return table;
    }

    static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
