using System.Xml;
using System.Xml.Linq;

namespace MlPerfEdu.Roofline.Report.Plots;

/// <summary>An SVG picture: the same bytes for the same calls, readable on light and on dark paper, complete in itself.</summary>
sealed class SvgPage
{
    public const double FontSize = 13;
    public const int Colours = 10;

    // Wider than most letters of a proportional font: better too much space than an overlap.
    const double LetterWidth = 0.53 * FontSize;
    const double BoldLetterWidth = 0.66 * FontSize;

    static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    static readonly string[] Light =
        ["#0550ae", "#bc4c00", "#1a7f37", "#8250df", "#bf3989", "#9a6700", "#0e7c86", "#57606a", "#82071e", "#6639ba"];
    static readonly string[] Dark =
        ["#79c0ff", "#ffa657", "#7ee787", "#d2a8ff", "#ff9bce", "#e3b341", "#76e3ea", "#b1bac4", "#ff7b72", "#a5d6ff"];

    // Colour is never the only difference.
    static readonly string[] Dashes = ["none", "7 3", "2 3", "10 3 2 3", "5 5", "12 4", "1 4", "8 2 2 2 2 2", "3 6", "14 3 6 3"];

    readonly XElement root;

    public SvgPage(string title, string description, double width, double height)
    {
        root = new XElement(Svg + "svg",
            new XAttribute("viewBox", $"0 0 {width:0.##} {height:0.##}"),
            new XAttribute("width", Number(width)),
            new XAttribute("height", Number(height)),
            new XAttribute("role", "img"),
            new XAttribute("aria-labelledby", "title description"),
            new XElement(Svg + "title", new XAttribute("id", "title"), Safe(title)),
            new XElement(Svg + "desc", new XAttribute("id", "description"), Safe(description)),
            new XElement(Svg + "style", Style()));
        Rectangle("paper", 0, 0, width, height);
    }

    public static double WidthOf(string text) => text.Length * LetterWidth;
    public static double BoldWidthOf(string text) => text.Length * BoldLetterWidth;
    public static string Colour(int index) => $"c{index % Colours}";

    public void Line(string style, double x1, double y1, double x2, double y2) =>
        Add("line", style, ("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2));

    public void Path(string style, IEnumerable<(double X, double Y)> points) => root.Add(new XElement(Svg + "polyline",
        new XAttribute("class", style),
        new XAttribute("points", string.Join(' ', points.Select(point => $"{Number(point.X)},{Number(point.Y)}")))));

    public void Rectangle(string style, double x, double y, double width, double height) =>
        Add("rect", style, ("x", x), ("y", y), ("width", width), ("height", height));

    public void Dot(string style, double x, double y, double radius) => Add("circle", style, ("cx", x), ("cy", y), ("r", radius));

    /// <param name="style">Among others start, middle or end: which part of the text lies at x.</param>
    public void Text(string style, double x, double y, string text, double turned = 0)
    {
        var element = new XElement(Svg + "text",
            new XAttribute("class", style), new XAttribute("x", Number(x)), new XAttribute("y", Number(y)), Safe(text));
        if (turned != 0)
            element.Add(new XAttribute("transform", $"rotate({turned:0.##} {x:0.##} {y:0.##})"));
        root.Add(element);
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        var settings = new XmlWriterSettings { OmitXmlDeclaration = true, Indent = true, NewLineChars = "\n" };
        using (var writer = XmlWriter.Create(text, settings))
            root.Save(writer);
        return text.Append('\n').ToString();
    }

    void Add(string name, string style, params (string Name, double Value)[] places) => root.Add(new XElement(Svg + name,
        new XAttribute("class", style), places.Select(place => new XAttribute(place.Name, Number(place.Value)))));

    static string Number(double value) => $"{value:0.##}";

    static string Safe(string text) =>
        new([.. text.Select(letter => XmlConvert.IsXmlChar(letter) && !char.IsControl(letter) ? letter : ' ')]);

    static string Style() => $$"""

        text { font: {{FontSize}}px system-ui, -apple-system, 'Segoe UI', sans-serif; }
        .heading { font-weight: 600; font-size: 16px; }
        .middle { text-anchor: middle; } .end { text-anchor: end; }
        .curve { fill: none; stroke-width: 2; stroke-linejoin: round; }
        .span { stroke-width: 3; }
        .halo { paint-order: stroke; stroke-width: 4; stroke-linejoin: round; font-weight: 600; }
        {{Lines(Dashes.Select((dash, colour) => $".curve.c{colour} {{ stroke-dasharray: {dash}; }}"))}}
        {{Lines(Theme("#ffffff", "#1f2328", "#d8dee4", "#dde3ea", Light))}}
        @media (prefers-color-scheme: dark) {
        {{Lines(Theme("#0d1117", "#e6edf3", "#30363d", "#2b3440", Dark).Select(rule => $"  {rule}"))}}
        }

        """;

    static IEnumerable<string> Theme(string paper, string ink, string grid, string band, string[] colours) =>
    [
        $".paper {{ fill: {paper}; }} text {{ fill: {ink}; }} .halo {{ stroke: {paper}; }}",
        $".grid {{ stroke: {grid}; }} .frame, .span {{ stroke: {ink}; }} .mark {{ fill: {ink}; }}",
        $".band {{ fill: {band}; }} .edge {{ stroke: {paper}; }}",
        .. colours.Select((colour, index) => $".curve.c{index} {{ stroke: {colour}; }} .fill.c{index} {{ fill: {colour}; }}"),
        $".inside {{ fill: {paper}; font-weight: 600; }}",
    ];

    static string Lines(IEnumerable<string> lines) => string.Join('\n', lines);
}

/// <summary>Names below a picture, each next to a sample of its colour, in as many columns as fit.</summary>
sealed class SvgLegend
{
    const double RowHeight = 20;
    const double SampleWidth = 34;
    const double Gap = 18;

    readonly IReadOnlyList<string> names;
    readonly int columns;
    readonly double columnWidth;

    public SvgLegend(IReadOnlyList<string> names, double width)
    {
        this.names = names;
        columnWidth = names.Select(SvgPage.WidthOf).DefaultIfEmpty(0).Max() + SampleWidth + Gap;
        columns = Math.Max((int)(width / columnWidth), 1);
    }

    public double Height => (names.Count + columns - 1) / columns * RowHeight;

    /// <param name="sample">Draws the sample of an entry between two places on a line.</param>
    public void Draw(SvgPage page, double left, double top, Action<int, double, double, double> sample)
    {
        for (var entry = 0; entry < names.Count; entry++)
        {
            var (x, y) = (left + entry % columns * columnWidth, top + entry / columns * RowHeight + RowHeight / 2);
            sample(entry, x, x + SampleWidth - 8, y);
            page.Text("start", x + SampleWidth, y + SvgPage.FontSize / 3, names[entry]);
        }
    }
}
