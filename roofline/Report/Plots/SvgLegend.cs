namespace MlPerfEdu.Roofline.Report.Plots;

/// <summary>Names below a picture, each beside a sample of its colour, in as many columns as fit.</summary>
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
