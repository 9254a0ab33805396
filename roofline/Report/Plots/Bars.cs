namespace MlPerfEdu.Roofline.Report.Plots;

/// <summary>Bars of the same length, each divided into its parts.</summary>
public sealed record Bars(string Title, string Description, IReadOnlyList<Bar> Rows) : IDrawing
{
    /// <summary>Names of all parts, in the order of their first bar.</summary>
    public IReadOnlyList<string> Parts => [.. Rows.SelectMany(bar => bar.Parts).Select(part => part.Name).Distinct()];

    public string Svg() => SvgBars.Render(this);
    public string Text(int width, bool unicode) => TextBars.Render(this, width, unicode);
}

/// <param name="Total">The whole, written out.</param>
public sealed record Bar(string Name, string Total, IReadOnlyList<BarPart> Parts)
{
    public double Sum => Parts.Sum(part => part.Value);

    /// <summary>Where each part begins and ends, from 0 to 1.</summary>
    public IEnumerable<(BarPart Part, double From, double To)> Shares()
    {
        var before = 0.0;
        foreach (var part in Sum > 0 ? Parts : [])
        {
            yield return (part, before / Sum, (before + part.Value) / Sum);
            before += part.Value;
        }
    }
}

public sealed record BarPart(string Name, double Value);

static class SvgBars
{
    const double Width = 760;
    const double Left = 22;
    const double Right = 738;
    const double Top = 46;
    const double RowHeight = 64;
    const double BarHeight = 30;

    // A bar part that is narrower than its number is drawn without it.
    const double Padding = 10;

    public static string Render(Bars bars)
    {
        var parts = bars.Parts;
        var legend = new SvgLegend(parts, Right - Left);
        var legendTop = Top + bars.Rows.Count * RowHeight + 8;
        var page = new SvgPage(bars.Title, bars.Description, Width, legendTop + legend.Height + 12);
        page.Text("heading", Left, 28, bars.Title);
        foreach (var (index, row) in bars.Rows.Index())
            Row(page, row, parts, Top + index * RowHeight);
        legend.Draw(page, Left, legendTop,
            (part, from, to, y) => page.Rectangle($"fill {Colour(parts, parts[part])}", from, y - 6, to - from, 12));
        return page.ToString();
    }

    static void Row(SvgPage page, Bar bar, IReadOnlyList<string> parts, double top)
    {
        page.Text("start", Left, top + 14, $"{bar.Name}: {bar.Total}");
        foreach (var (part, from, to) in bar.Shares().Where(share => share.To > share.From))
        {
            var (x, width) = (Left + from * (Right - Left), (to - from) * (Right - Left));
            page.Rectangle($"fill edge {Colour(parts, part.Name)}", x, top + 22, width, BarHeight);
            var share = Units.Percent(to - from);
            if (SvgPage.BoldWidthOf(share) + Padding < width)
                page.Text("middle inside", x + width / 2, top + 22 + BarHeight / 2 + SvgPage.FontSize / 3, share);
        }
    }

    static string Colour(IReadOnlyList<string> parts, string name) => SvgPage.Colour(parts.ToList().IndexOf(name));
}

/// <summary>Stacked bars in characters: each part has its own letter.</summary>
static class TextBars
{
    const int NarrowestBar = 20;

    public static string Render(Bars bars, int width, bool unicode)
    {
        var parts = bars.Parts.ToList();
        var columns = Math.Max(width - 4, NarrowestBar);
        var text = new StringBuilder().Append(bars.Title).Append("\n\n");
        foreach (var bar in bars.Rows)
        {
            text.Append(bar.Name).Append(": ").Append(bar.Total).Append("\n  ");
            foreach (var (part, from, to) in bar.Shares())
                text.Append(Letter(parts.IndexOf(part.Name)), (int)Math.Round(to * columns) - (int)Math.Round(from * columns));
            text.Append("\n  ");
            text.AppendJoin(", ", bar.Shares().Where(share => share.To > share.From).Select(share =>
                $"{Letter(parts.IndexOf(share.Part.Name))} {share.Part.Name} {Units.Percent(share.To - share.From)}")).Append('\n');
        }

        return unicode ? text.ToString() : Ascii.Of(text.ToString());
    }

    static char Letter(int part) => (char)('a' + part % 26);
}
