namespace MlPerfEdu.Roofline.Report.Plots;

/// <summary>Something to see, in both of its forms.</summary>
public interface IDrawing
{
    string Svg();

    /// <param name="unicode">Whether more than ASCII can be shown.</param>
    string Text(int width, bool unicode);
}
