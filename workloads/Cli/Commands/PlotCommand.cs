using System.CommandLine;
using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Workloads.Cli.Plots;
using MlPerfEdu.Workloads.Cli.State;

namespace MlPerfEdu.Workloads.Cli.Commands;

sealed class PlotCommand : CliCommand
{
    const int WidthOffTerminal = 100;

    readonly Argument<string[]> _what = ManyValues(
        "ID|PATH", "Workloads and experiments, whose newest evidence is drawn, or sidecars; without one, everything measured");

    public PlotCommand()
        : base("plot", "Draw rooflines, sweeps, caches and steps: as SVG under artifacts/evidence, and in the terminal.",
            new("plot", "All workloads under the roofs of their machine, and what the experiments found."),
            new("plot cache-probe", "One experiment, from its newest evidence."))
    {
        Add(_what);
    }

    protected override ExitCode Execute(ParseResult parse, Session session)
    {
        var records = Records(parse.GetValue(_what)!, session);
        foreach (var record in records.OfType<ExperimentRecord>().Where(record => ExperimentEvidence.Findings(session.Catalog, record) is null))
        {
            session.Log.Line(
                $"remark: {record.Experiment.Id} of {record.MeasuredAt} answers another wording of its entry and is not drawn; "
                + $"`mlperfedu run {record.Experiment.Id}` asks again.", Tone.Warning);
        }

        var drawn = PictureFiles.Write(records, session);
        if (drawn.Count == 0)
            throw CliErrors.NothingToPlot();
        session.Answer(
            new { Files = drawn.Select(picture => picture.File) },
            screen =>
            {
                var width = screen.Width ?? WidthOffTerminal;
                // Off a terminal nobody knows what the text will be shown with.
                var unicode = session.Host.Unicode && !screen.IsPlain;
                foreach (var (picture, file) in drawn)
                    screen.Line($"{picture.Drawing.Text(width, unicode).TrimEnd()}\n{file}\n");
            });
        return ExitCode.Ok;
    }

    static List<IRunRecord> Records(string[] what, Session session)
    {
        var shelf = new EvidenceShelf(session.Repository);
        IEnumerable<IRunRecord?> records = what.Length == 0
            ? session.Catalog.Entries.Select(Newest)
            : what.Select(one => File.Exists(one) ? ExperimentEvidence.Read(session.Catalog, one) : Newest(session.Entry(one)));
        return [.. records.OfType<IRunRecord>().DistinctBy(record => record.ContentSha256)];

        IRunRecord? Newest(CatalogEntry entry) =>
            entry is ExperimentEntry experiment ? shelf.Newest(experiment)?.Record : shelf.Newest(entry.Id)?.Record;
    }
}
