using System.CommandLine;
using MlPerfEdu.Generator;
using MlPerfEdu.Workloads.Cli.Show;
using MlPerfEdu.Workloads.Cli.State;

namespace MlPerfEdu.Workloads.Cli.Commands;

sealed class ShowCommand : CliCommand
{
    readonly Argument<string> _id = OneValue("ID", "The workload or experiment");

    public ShowCommand()
        : base("show", "Show everything about one workload: sizes, recipe, targets, counts per layer, errata, baselines, newest evidence.",
            new("show anomaly-ae-train", "For reading."),
            new("show anomaly-ae-train --json", "The same for a script."))
    {
        Add(_id);
    }

    protected override ExitCode Execute(ParseResult parse, Session session)
    {
        var shelf = new EvidenceShelf(session.Repository);
        switch (session.Entry(parse.GetValue(_id)!))
        {
            case ModelEntry entry:
                var newest = shelf.Newest(entry.Id);
                var page = new WorkloadPage(entry, session.Catalog.TrainerOf(entry), new DataAtHand(session.Data), newest is { } found ? (session.Repository.Relative(found.Path), found.Record) : null);
                session.Answer(page.Document(), page.Draw);
                break;
            case ExperimentEntry entry:
                var question = new QuestionPage(entry, shelf.Newest(entry), session.Repository);
                session.Answer(question.Document(), question.Draw);
                break;
        }
        return ExitCode.Ok;
    }
}
