namespace MlPerfEdu.Roofline.Report.Plots;

/// <summary>A picture, as SVG and as text.</summary>
public interface IDrawing
{
    string Svg();

    /// <param name="unicode">Whether more than ASCII can be shown.</param>
    string Text(int width, bool unicode);
}

/// <summary>The content of a plot: rendered as SVG by <see cref="SvgPlot"/> and as text by <see cref="TextPlot"/>.</summary>
/// <param name="Description">The message of the plot in a sentence, also for readers who cannot see it.</param>
public sealed record Plot(string Title, string Description, Axis X, Axis Y) : IDrawing
{
    /// <summary>Points that are not finite, and lines without points, are left out.</summary>
    public IReadOnlyList<PlotLine> Lines
    {
        get;
        init => field = [.. value.Select(line => line with { Points = [.. line.Points.Where(Drawable)] }).Where(line => line.Points.Count > 0)];
    } = [];

    public IReadOnlyList<PlotPoint> Points { get; init; } = [];
    public IReadOnlyList<PlotBand> Bands { get; init; } = [];

    public string Svg() => SvgPlot.Render(this);
    public string Text(int width, bool unicode) => Text(width, unicode, TextPlot.UsualRows);
    public string Text(int width, bool unicode, int rows) => TextPlot.Render(this, width, unicode, rows);
    static bool Drawable((double X, double Y) point) => double.IsFinite(point.X) && double.IsFinite(point.Y);
}

/// <param name="Marked">Whether each of its points was measured, and gets a dot.</param>
public sealed record PlotLine(string Name, IReadOnlyList<(double X, double Y)> Points, bool Marked = false)
{
    public IEnumerable<((double X, double Y) From, (double X, double Y) To)> Pieces => Points.Zip(Points.Skip(1));
}

public sealed record PlotPoint(string Name, double X, Interval Y);

/// <summary>A part of the x axis that has a name.</summary>
public sealed record PlotBand(string Name, Interval X);

public enum Scale
{
    Linear,
    Log2,
    Log10,
}

/// <summary>One direction of a plot.</summary>
/// <param name="Format">How a tick is written.</param>
public sealed record Axis(string Label, Scale Scale, double Low, double High, Func<double, string> Format)
{
    // Air around the outermost values, as a part of the axis.
    const double Margin = 0.04;

    static readonly double[] Steps = [1, 2, 5];

    /// <summary>An axis on which all these values can be seen; a linear one begins at zero.</summary>
    public static Axis Covering(string label, Scale scale, IEnumerable<double> values, Func<double, string> format)
    {
        double[] usable = [.. values.Where(value => double.IsFinite(value) && (scale == Scale.Linear || value > 0))];
        var (low, high) = usable.Length == 0 ? (1, 10) : (usable.Min(), usable.Max());
        if (scale == Scale.Linear)
            return new Axis(label, scale, 0, high > 0 ? high * (1 + Margin) : 1, format);
        var air = Math.Max(Math.Pow(high / low, Margin), 1.1);
        return new Axis(label, scale, low / air, high * air, format);
    }

    /// <summary>A round value in few signs: 500 M, 0.2, 50 G.</summary>
    public static string Short(double tick)
    {
        if (tick < 1000)
            return $"{tick:0.###}";
        var text = Units.Si(tick);
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        var number = text[..space];
        return (number.Contains('.', StringComparison.Ordinal) ? number.TrimEnd('0').TrimEnd('.') : number) + text[space..];
    }

    /// <summary>0 at the low end and below, 1 at the high end and above.</summary>
    public double Fraction(double value) => Math.Clamp((Place(value) - Place(Low)) / (Place(High) - Place(Low)), 0, 1);

    /// <summary>Round values, at most so many.</summary>
    public IReadOnlyList<double> Ticks(int most) => Scale switch
    {
        Scale.Linear => Every(LinearStep(most)),
        Scale.Log2 => Powers(2, most),
        _ => Within(Enumerable.Range((int)Math.Floor(Math.Log10(Low)), 400).TakeWhile(power => Math.Pow(10, power) <= High)
            .SelectMany(power => Steps.Select(step => step * Math.Pow(10, power)))) is { } fine && fine.Length <= most
            ? fine
            : Powers(10, most),
    };

    double Place(double value) => Scale switch
    {
        Scale.Linear => value,
        Scale.Log2 => Math.Log2(value),
        _ => Math.Log10(value),
    };

    double[] Powers(double @base, int most)
    {
        var (first, last) = ((int)Math.Ceiling(Math.Log(Low, @base) - 1e-9), (int)Math.Floor(Math.Log(High, @base) + 1e-9));
        var step = Math.Max((last - first) / Math.Max(most - 1, 1) + ((last - first) % Math.Max(most - 1, 1) == 0 ? 0 : 1), 1);
        return [.. Enumerable.Range(first, Math.Max(last - first + 1, 0))
            .Where(power => (power - first) % step == 0)
            .Select(power => Math.Pow(@base, power))];
    }

    double LinearStep(int most)
    {
        var scale = Math.Pow(10, Math.Floor(Math.Log10((High - Low) / most)));
        return Steps.Append(10).Select(step => step * scale).First(step => (High - Low) / step <= most - 1 || step >= 10 * scale);
    }

    double[] Every(double step) =>
        Within(Enumerable.Range((int)Math.Ceiling(Low / step), (int)((High - Low) / step) + 2).Select(count => count * step));

    double[] Within(IEnumerable<double> values) => [.. values.Where(value => value >= Low && value <= High)];
}
