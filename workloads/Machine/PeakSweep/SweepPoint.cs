using MlPerfEdu.Generator;

namespace MlPerfEdu.Workloads.Machine.PeakSweep;

/// <summary>A chain of products of C×C weights with S columns.</summary>
readonly record struct SweepPoint(int Channels, int Depth, int Columns)
{
    const int BytesPerElement = 4;

    public double Flops => 2.0 * Channels * Channels * Columns * Depth;

    public double WeightBytes => (double)BytesPerElement * Channels * Channels * Depth;

    /// <summary>Every operand and result of every product once.</summary>
    public double Bytes => WeightBytes + 2.0 * BytesPerElement * Channels * Columns * Depth;

    public IReadOnlyDictionary<string, double> At(int threads) => new Dictionary<string, double>(StringComparer.Ordinal)
    {
        ["channels"] = Channels, ["depth"] = Depth, ["columns"] = Columns, ["threads"] = threads,
    };

    public static SweepPoint Of(IReadOnlyDictionary<string, double> at) => new((int)at["channels"], (int)at["depth"], (int)at["columns"]);

    public static SweepPoint Middle(Geometry geometry) =>
        new(geometry.Int("base_channels"), geometry.Int("base_depth"), geometry.Int("base_columns"));

    public override string ToString() => $"{Channels} channels, {Depth} deep, {Columns} columns";

    /// <summary>Each size varied alone around the middle, and the seed's own ten chains.</summary>
    public static IReadOnlyList<SweepPoint> All(Geometry geometry)
    {
        var middle = Middle(geometry);
        return
        [
            .. geometry.Ints("channels").Select(channels => middle with { Channels = channels })
                .Concat(geometry.Ints("depth").Select(depth => middle with { Depth = depth }))
                .Concat(geometry.Ints("columns").Select(columns => middle with { Columns = columns }))
                .Concat(SeedPeaks.Rows.Select(row => row.Point))
                .Distinct()
                .OrderBy(point => point.Columns).ThenBy(point => point.Channels).ThenBy(point => point.Depth),
        ];
    }
}
