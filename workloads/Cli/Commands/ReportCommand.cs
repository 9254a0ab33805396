using System.CommandLine;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Workloads.Cli.Report;
using MlPerfEdu.Workloads.Cli.State;

namespace MlPerfEdu.Workloads.Cli.Commands;

sealed class ReportCommand : CliCommand
{
    readonly Option<bool> _markdown = new("--markdown") { Description = "Write the table as Markdown (what this command does anyway; say it in scripts)" };
    readonly Option<bool> _writeReadme = new("--write-readme") { Description = "Put the table of the committed baselines between the results marks of README.md" };

    public ReportCommand()
        : base("report", "Write a results table from the newest evidence of each workload.",
            new("report --markdown >> \"$GITHUB_STEP_SUMMARY\"", "In the summary of a job."),
            new("report --write-readme", "The baselines, in README.md; nothing else of the file changes."))
    {
        Add(_markdown);
        Add(_writeReadme);
    }

    protected override ExitCode Execute(ParseResult parse, Session session)
    {
        var write = parse.GetValue(_writeReadme);
        var shelf = new EvidenceShelf(session.Repository);
        var report = write ? ResultsReport.Committed(session.Catalog, shelf) : ResultsReport.Newest(session.Catalog, shelf);
        foreach (var id in report.Missing)
            session.Log.Line($"remark: no evidence of {id}; `mlperfedu run {id}` makes some.", Tone.Warning);
        bool? written = write ? ReadmeTable.Write(session.Repository.Readme, ReadmeTable.Results, report.Markdown()) : null;
        session.Answer(
            new { Markdown = report.Markdown(), Workloads = report.Records.Select(record => record.Workload.Id), report.Missing, ReadmeChanged = written },
            screen => screen.Line(written switch
            {
                null => report.Markdown().TrimEnd(),
                true => "README.md has the new table.",
                false => "README.md has this table already.",
            }));
        return ExitCode.Ok;
    }
}
