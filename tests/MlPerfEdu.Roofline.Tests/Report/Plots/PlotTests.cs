using System.Globalization;
using System.Xml.Linq;
using MlPerfEdu.Roofline.Report.Plots;

namespace MlPerfEdu.Roofline.Tests.Report.Plots;

public class PlotTests
{
    static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    static readonly Plot Roofline = RooflinePlot.Of(Sample.Peaks, "Model 9", [Sample.Evidence()])!;

    [Theory]
    [InlineData(Scale.Log10, 1, 1000, "1 10 100 1000")]
    [InlineData(Scale.Log10, 3, 30, "5 10 20")]
    [InlineData(Scale.Log2, 1, 32, "1 2 4 8 16 32")]
    [InlineData(Scale.Log2, 1, 65536, "1 16 256 4096 65536")]
    [InlineData(Scale.Linear, 0, 47, "0 10 20 30 40")]
    public void Ticks_are_round_and_few(Scale scale, double low, double high, string expected)
    {
        var ticks = new Axis("x", scale, low, high, tick => $"{tick}").Ticks(6);

        Assert.Equal(expected, string.Join(' ', ticks.Select(tick => tick.ToString(CultureInfo.InvariantCulture))));
    }

    [Fact]
    public void Roofline_has_every_ceiling_and_the_interval_of_the_workload()
    {
        Assert.Equal(
            ["matrix product, fp32, 100 GFLOP/s", "multiply-add in registers, 110 GFLOP/s", "LLC, 40.0 GB/s", "memory, 10.0 GB/s"],
            Roofline.Lines.Select(line => line.Name));
        var memory = Roofline.Lines[^1].Points;
        Assert.All(memory, point => Assert.Equal(10e9, point.Y / point.X, 1.0));
        Assert.Equal(110e9, memory[^1].Y);
        Assert.Equal("dscnn-kws-train", Roofline.Points.Single().Name);
    }

    [Fact]
    public void Svg_is_xml_with_a_title_a_description_and_a_dark_theme()
    {
        var text = SvgPlot.Render(Roofline);
        var root = XElement.Parse(text);

        Assert.Equal(text, SvgPlot.Render(Roofline));
        Assert.Equal("Roofline of Model 9", root.Element(Svg + "title")!.Value);
        Assert.StartsWith("2 compute and 2 bandwidth ceilings; workloads: dscnn-kws-train: ", root.Element(Svg + "desc")!.Value,
            StringComparison.Ordinal);
        Assert.Contains("@media (prefers-color-scheme: dark)", root.Element(Svg + "style")!.Value, StringComparison.Ordinal);
        Assert.DoesNotContain("http", text.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_text_whatever_they_hold()
    {
        var hostile = Roofline with { Title = "</svg><script>alert(1)</script>&\u001b[31m" };

        Assert.Equal("</svg><script>alert(1)</script>& [31m", XElement.Parse(SvgPlot.Render(hostile)).Element(Svg + "title")!.Value);
    }

    [Fact]
    public void Labels_of_points_at_one_place_do_not_overlap()
    {
        PlotPoint[] points = [.. Enumerable.Range(0, 8).Select(index => new PlotPoint($"workload-{index}", 10, new Interval(5e9, 5.1e9)))];
        var labels = XElement.Parse(SvgPlot.Render(Roofline with { Points = points })).Elements(Svg + "text")
            .Where(text => text.Value.StartsWith("workload-", StringComparison.Ordinal))
            .Select(text => (X: (double)text.Attribute("x")!, Y: (double)text.Attribute("y")!)).ToArray();

        Assert.Equal(8, labels.Length);
        for (var one = 0; one < labels.Length; one++)
        {
            Assert.All(labels[..one], other => Assert.True(
                Math.Abs(other.X - labels[one].X) >= SvgPage.BoldWidthOf("workload-0")
                    || Math.Abs(other.Y - labels[one].Y) >= SvgPage.FontSize));
        }
    }

    [Theory]
    [InlineData(60)]
    [InlineData(100)]
    public void Text_keeps_to_its_width_and_names_every_mark(int width)
    {
        var text = TextPlot.Render(Roofline, width, unicode: true);

        Assert.InRange(text.Split('\n').Take(22).Max(line => line.Length), width / 2, width + Roofline.X.Label.Length + 2);
        Assert.Contains("A dscnn-kws-train", text, StringComparison.Ordinal);
        Assert.Contains("d memory, 10.0 GB/s", text, StringComparison.Ordinal);
        Assert.Contains(text, letter => letter is > '\u2800' and < '\u2900');
    }

    [Fact]
    public void Text_for_an_old_terminal_is_ascii() =>
        Assert.All(TextPlot.Render(Roofline, 80, unicode: false), letter => Assert.True(char.IsAscii(letter)));

    [Fact]
    public void Cache_plot_marks_its_knee()
    {
        var probe = Sample.Peaks.LastLevelCache;
        var plot = CapacityPlot.Of(probe.Points, [("end of LLC", probe.Knee!.Value)])!;

        Assert.Equal("end of LLC, 22.89 MiB to 26.7 MiB", plot.Bands.Single().Name);
        Assert.Equal([1e11, 1e10], plot.Lines.Single().Points.Select(point => Math.Round(point.Y)));
        Assert.Contains("no knee found", CapacityPlot.Of(probe.Points, [])!.Description,
            StringComparison.Ordinal);
        Assert.Contains("end of LLC", SvgPlot.Render(plot), StringComparison.Ordinal);
    }

    [Fact]
    public void Sweep_has_a_line_for_each_setting_over_doubling_sizes()
    {
        var plot = SweepPlot.Of(
            "Sweep", "Two settings.", "columns", "FLOP/s", [new("one", [(32, 1e9), (64, 2e9)]), new("two", [(32, 2e9), (64, 3e9)])],
            [("most", 4e9)]);

        Assert.Equal((Scale.Log2, Scale.Linear, 0), (plot.X.Scale, plot.Y.Scale, plot.Y.Low));
        Assert.Equal([32, 64], plot.X.Ticks(8));
        Assert.Equal(3, XElement.Parse(SvgPlot.Render(plot)).Elements(Svg + "polyline").Count());
        Assert.All(plot.Lines[^1].Points, point => Assert.Equal(4e9, point.Y));
        Assert.Equal([true, true, false], plot.Lines.Select(line => line.Marked));
        Assert.InRange(plot.Y.Fraction(4e9), 0.9, 1);
    }

    [Fact]
    public void Bars_are_divided_into_parts_that_fill_them()
    {
        var bars = StepBreakdown.Of("dscnn-kws-train", Sample.Count);

        Assert.All(bars.Rows.Where(row => row.Sum > 0), row => Assert.Equal(1, row.Shares().Last().To, 12));
        Assert.Equal(["forward", "data gradient", "weight gradient", "optimizer"], bars.Parts);
        Assert.Equal(Sample.Count.Flops, bars.Rows[0].Sum);
        var widths = XElement.Parse(SvgBars.Render(bars)).Elements(Svg + "rect")
            .Where(rect => ((string)rect.Attribute("class")!).Contains("edge", StringComparison.Ordinal))
            .GroupBy(rect => (double)rect.Attribute("y")!).Select(row => row.Sum(rect => (double)rect.Attribute("width")!));
        Assert.All(widths, width => Assert.Equal(716, width, 0.1));
        Assert.All(TextBars.Render(bars, 80, unicode: true).Split('\n').Where(line => line.StartsWith("  aa", StringComparison.Ordinal)),
            line => Assert.Equal(78, line.Length));
    }
}
