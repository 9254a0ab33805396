namespace MlPerfEdu.Roofline.Report.Plots;

public static class SvgBars
{
    const double Width = 760;
    const double Left = 22;
    const double Right = 738;
    const double Top = 46;
    const double RowHeight = 64;
    const double BarHeight = 30;

    // A share that is narrower than its number goes without.
    const double Padding = 10;

    public static string Render(Bars bars)
    {
        var parts = bars.Parts;
        var legend = new SvgLegend(parts, Right - Left);
        var legendTop = Top + bars.Rows.Count * RowHeight + 8;
        var page = new SvgPage(bars.Title, bars.Description, Width, legendTop + legend.Height + 12);
        page.Text("heading", Left, 28, bars.Title);
        for (var row = 0; row < bars.Rows.Count; row++)
            Row(page, bars.Rows[row], parts, Top + row * RowHeight);
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
