using System.Globalization;
using System.Xml.Linq;
using MlPerfEdu.Roofline.Peaks;
using MlPerfEdu.Roofline.Report.Plots;

namespace MlPerfEdu.Roofline.Tests.Report.Plots;

/// <summary>What every picture must be, whatever it shows.</summary>
public class SvgPaperTests
{
    static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    static readonly string[] Places = ["x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "width", "height"];

    static readonly CapacityPoint[] Trace =
        [.. Enumerable.Range(0, 45).Select(step => new CapacityPoint((long)(65536 * Math.Pow(2, step / 4.0)), step < 16 ? 1e-11 : 4e-11))];

    static readonly Dictionary<string, IDrawing> Drawings = new()
    {
        ["roofline"] = RooflinePlot.Of(Sample.Peaks, "Model 9", [Sample.Evidence()])!,
        ["cache"] = CapacityPlot.Of(
            Trace,
            [
                ("end of L1 (stated 64 KiB)", new Interval(65536, 78000)), ("end of L2 (stated 1 MiB)", new Interval(9e5, 1.1e6)),
                ("knee at no stated level", new Interval(1e6, 1.2e6)), ("end of L3 (stated 32 MiB)", new Interval(3e7, 1.3e8)),
            ])!,
        ["sweep"] = SweepPlot.Of(
            "Chains", "Two settings.", "columns", PeakSeries.Flops,
            [new("1 thread", [(1, 4e9), (4, 1e10), (256, 9e10)]), new("2 threads", [(1, 4e9), (4, 2e10), (256, 1.8e11)])],
            [("largest product, 1 thread", 1e11), ("largest product, 2 threads", 2e11)]),
        ["one size"] = SweepPlot.Of("Chain", "One.", "columns", PeakSeries.Flops, [new("1 thread", [(64, 4e9)])], []),
        ["hostile"] = SweepPlot.Of(
            "Chain", "No numbers.", "columns", PeakSeries.Flops,
            [new("1 thread", [(1, double.NaN), (2, double.PositiveInfinity), (4, 1e9), (8, 0)]), new("none", [(1, double.NaN)])], []),
        ["counted step"] = StepBreakdown.Of("dscnn-kws-train", Sample.Count),
        ["timed step"] = new Bars("Steps", "Ten parts.",
        [
            new Bar(
                "110M, a step", "1.3 s",
                [.. Enumerable.Range(1, 10).Select(part => new BarPart($"part-{part}", part * part))]),
            new Bar("naïve, 10 µs", "0 s", [new BarPart("part-1", 0)]),
        ]),
    };

    public static TheoryData<string> Names => [.. Drawings.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Everything_has_a_place_on_the_paper(string name)
    {
        var root = XElement.Parse(Drawings[name].Svg());
        var paper = ((string)root.Attribute("viewBox")!).Split(' ').Select(Number).ToArray();
        (double X, double Y)[] points =
        [
            .. root.Descendants(Svg + "polyline").SelectMany(line => ((string)line.Attribute("points")!).Split(' '))
                .Select(pair => pair.Split(',')).Select(pair => (Number(pair[0]), Number(pair[1]))),
            .. root.Elements().Where(element => element.Name != Svg + "text").SelectMany(Corners),
        ];

        Assert.NotEmpty(points);
        Assert.All(points, point => Assert.True(
            point.X >= 0 && point.X <= paper[2] && point.Y >= 0 && point.Y <= paper[3], $"{point} is not within {paper[2]} x {paper[3]}"));
        Assert.All(root.Descendants().Attributes().Where(attribute => Places.Contains(attribute.Name.LocalName)),
            attribute => Assert.True(double.IsFinite(Number(attribute.Value)), attribute.ToString()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_text_lies_on_another_or_off_the_paper(string name)
    {
        var root = XElement.Parse(Drawings[name].Svg());
        var texts = root.Elements(Svg + "text").Where(text => text.Attribute("transform") is null).Select(Box).ToArray();
        var width = Number((string)root.Attribute("width")!);

        Assert.All(texts, box => Assert.True(box.Left >= 0 && box.Right <= width, $"{box} is wider than the paper, {width}"));
        for (var one = 0; one < texts.Length; one++)
        {
            Assert.All(texts[..one], other => Assert.False(
                other.Left < texts[one].Right && texts[one].Left < other.Right
                    && Math.Abs(other.Bottom - texts[one].Bottom) < SvgPage.FontSize,
                $"{other} lies on {texts[one]}"));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Text_off_a_terminal_is_ascii_and_has_the_title(string name)
    {
        var text = Drawings[name].Text(100, unicode: false);

        Assert.All(text, letter => Assert.True(char.IsAscii(letter), $"{letter}"));
        Assert.StartsWith((string)XElement.Parse(Drawings[name].Svg()).Element(Svg + "title")!, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Axes_say_their_units() => Assert.Equal(
        ["B/s", "size of the set"],
        XElement.Parse(Drawings["cache"].Svg()).Elements(Svg + "text").Select(text => text.Value)
            .Where(text => text is "B/s" or "size of the set").Order(StringComparer.Ordinal));

    [Fact]
    public void Each_part_of_a_bar_has_a_colour_of_its_own()
    {
        var fills = XElement.Parse(Drawings["timed step"].Svg()).Elements(Svg + "rect").Select(part => (string)part.Attribute("class")!)
            .Where(style => style.StartsWith("fill edge", StringComparison.Ordinal)).ToArray();

        Assert.Equal(10, fills.Length);
        Assert.Equal(fills.Length, fills.Distinct().Count());
    }

    static IEnumerable<(double X, double Y)> Corners(XElement element) => element.Name.LocalName switch
    {
        "rect" =>
        [
            (At(element, "x"), At(element, "y")),
            (At(element, "x") + At(element, "width"), At(element, "y") + At(element, "height")),
        ],
        "line" => [(At(element, "x1"), At(element, "y1")), (At(element, "x2"), At(element, "y2"))],
        "circle" => [(At(element, "cx"), At(element, "cy"))],
        _ => [],
    };

    static double At(XElement element, string name) => Number((string)element.Attribute(name)!);

    static (string Text, double Left, double Right, double Bottom) Box(XElement text)
    {
        var style = (string)text.Attribute("class")!;
        var bold = style.Contains("halo", StringComparison.Ordinal) || style.Contains("inside", StringComparison.Ordinal);
        var width = bold ? SvgPage.BoldWidthOf(text.Value) : SvgPage.WidthOf(text.Value);
        var x = Number((string)text.Attribute("x")!);
        var left = style.Contains("middle", StringComparison.Ordinal) ? x - width / 2
            : style.Contains("end", StringComparison.Ordinal) ? x - width : x;
        return (text.Value, left, left + width, Number((string)text.Attribute("y")!));
    }

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
