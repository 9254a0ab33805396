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
