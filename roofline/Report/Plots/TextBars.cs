using System.Text;

namespace MlPerfEdu.Roofline.Report.Plots;

/// <summary>Stacked bars in characters: each part has its own letter.</summary>
public static class TextBars
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
