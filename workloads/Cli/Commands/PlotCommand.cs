using System.CommandLine;
using System.Text;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Workloads.Cli.Plots;
using MlPerfEdu.Workloads.Cli.State;

namespace MlPerfEdu.Workloads.Cli.Commands;

sealed class PlotCommand : CliCommand
{
    const int WidthOffTerminal = 100;

    readonly Argument<string[]> _what = ManyValues(
        "ID|PATH", "Workloads, whose newest evidence is drawn, or sidecars; without one, every measured workload");

    public PlotCommand()
        : base("plot", "Draw the roofline, the cache and the steps: as SVG under artifacts/evidence, and in the terminal.",
            new("plot", "All workloads under the roofs of their machine."),
            new("plot anomaly-ae-train", "One workload, from its newest evidence."))
    {
        Add(_what);
    }

    protected override ExitCode Execute(ParseResult parse, Session session)
    {
        var pictures = EvidencePlots.Of(Records(parse.GetValue(_what)!, session))
            .Select(picture => (picture.Text, File: Write(picture, session))).ToList();
        session.Answer(
            new { Files = pictures.Select(picture => picture.File) },
            screen =>
            {
                var width = screen.Width ?? WidthOffTerminal;
                foreach (var (text, file) in pictures)
                    screen.Line($"{text(width, session.Host.Unicode).TrimEnd()}\n{file}\n");
            });
        return ExitCode.Ok;
    }

    static List<EvidenceRecord> Records(string[] what, Session session)
    {
        var shelf = new EvidenceShelf(session.Repository);
        IEnumerable<EvidenceRecord?> records = what.Length == 0
            ? session.Catalog.Workloads.Select(entry => shelf.Newest(entry.Id)?.Record)
            : what.Select(one => File.Exists(one) ? EvidenceFile.Read(one) : shelf.Newest(session.Entry(one).Id)?.Record);
        List<EvidenceRecord> found = [.. records.OfType<EvidenceRecord>().DistinctBy(record => record.ContentSha256)];
        return found.Count > 0 ? found : throw CliErrors.NothingToPlot();
    }

    static string Write(Picture picture, Session session)
    {
        var path = Path.Combine(session.Repository.NewEvidenceFolder, $"{picture.Name}.svg");
        AtomicFile.Write(path, Encoding.UTF8.GetBytes(picture.Svg));
        return session.Repository.Relative(path);
    }
}
