using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Peaks;
using MlPerfEdu.Roofline.Report.Plots;
using MlPerfEdu.Workloads.Experiments;

namespace MlPerfEdu.Workloads.Machine.PeakSweep;

/// <summary>A plot for each size that is varied: how the rate follows it, below the largest product's.</summary>
static class SweepDrawings
{
    public static IReadOnlyList<NamedDrawing> Of(SweepPoint middle, IReadOnlyList<SweepRun> runs) =>
    [
        Over("channels", $"{middle.Depth} deep, {middle.Columns} columns", runs, point => point.Channels, size => middle with { Channels = size }),
        Over("depth", $"{middle.Channels} channels, {middle.Columns} columns", runs, point => point.Depth, size => middle with { Depth = size }),
        Over("columns", $"{middle.Channels} channels, {middle.Depth} deep", runs, point => point.Columns, size => middle with { Columns = size }),
    ];

    /// <param name="varied">A chain of this size in the middle of the others.</param>
    static NamedDrawing Over(
        string size, string others, IReadOnlyList<SweepRun> runs, Func<SweepPoint, int> across, Func<int, SweepPoint> varied)
    {
        PlotLine[] lines =
        [
            .. runs.Select(run => new PlotLine(
                $"chain, {run.With}",
                [
                    .. run.Chains.Where(chain => chain.Point == varied(across(chain.Point))).OrderBy(chain => across(chain.Point))
                        .Select(chain => ((double)across(chain.Point), chain.Point.Flops / Statistics.Median(chain.Samples))),
                ])).Where(line => line.Points.Count > 0),
        ];
        return new(size, SweepPlot.Of(
            $"Chains of products over their {size}: {others}",
            $"Rate of chains of matrix products with {others}, by their {size}, below that of the largest product.",
            size, PeakSeries.Flops, lines, [.. runs.Select(run => ($"largest product, {run.With}", run.LargestRate))]));
    }
}
