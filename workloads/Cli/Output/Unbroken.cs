using Spectre.Console;
using Spectre.Console.Rendering;

namespace MlPerfEdu.Workloads.Cli.Output;

/// <summary>A styled line that Spectre must not wrap.</summary>
sealed class Unbroken(string text, Style style) : IRenderable
{
    public Measurement Measure(RenderOptions options, int maxWidth) => new(0, maxWidth);

    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => [new Segment(text, style), Segment.LineBreak];
}
