using MlPerfEdu.Roofline.Report.Plots;

namespace MlPerfEdu.Cli.Page;

/// <summary>The drawings of experiments as the page draws them itself: the same content, with hover and keyboard.</summary>
static class DrawingData
{
    const int MostTicks = 8;

    public static object Of(IDrawing drawing) => drawing switch
    {
        Plot plot => new
        {
            Kind = "plot", plot.Title, plot.Description, X = AxisOf(plot.X), Y = AxisOf(plot.Y),
            Lines = plot.Lines.Select(line => new { line.Name, line.Marked, Points = line.Points.Select(point => new[] { point.X, point.Y }) }),
            Points = plot.Points.Select(point => new { point.Name, point.X, Y = new[] { point.Y.Low, point.Y.High } }),
            Bands = plot.Bands.Select(band => new { band.Name, From = band.X.Low, To = band.X.High }),
        },
        Bars bars => new { Kind = "bars", bars.Title, bars.Description, bars.Rows },
        _ => throw new ArgumentException($"{drawing.GetType().Name} has no form for the page.", nameof(drawing)),
    };

    static object AxisOf(Axis axis) => new
    {
        axis.Label, Log = axis.Scale != Scale.Linear, axis.Low, axis.High,
        Ticks = axis.Ticks(MostTicks).Select(tick => new { At = tick, Text = axis.Format(tick) }),
    };
}
