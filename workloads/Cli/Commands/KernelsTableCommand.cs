using System.CommandLine;
using MlPerfEdu.Serving.Measure;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Workloads.Cli.Report;
using MlPerfEdu.Workloads.Cli.State;

namespace MlPerfEdu.Workloads.Cli.Commands;

sealed class KernelsTableCommand : CliCommand
{
    readonly Option<bool> _writeReadme = new("--write-readme")
        { Description = "Put the table between the results marks of workloads/Serving/README.md" };

    public KernelsTableCommand()
        : base("table", "Show the table of the serving kernels beside the original's, from what was last measured.",
            new("kernels table", "Markdown, all rows."),
            new("kernels table --write-readme", "The same in workloads/Serving/README.md; nothing else of the file changes."))
    {
        Add(_writeReadme);
    }

    protected override ExitCode Execute(ParseResult parse, Session session)
    {
        var table = new KernelTable(ServingModules.Of(session),
            module => KernelEvidence.Read(ServingModules.EvidenceFolder(session), module));
        foreach (var module in table.Missing)
            session.Log.Line($"remark: nothing measured of {module}; `mlperfedu kernels run {module}` does.", Tone.Warning);
        bool? written = parse.GetValue(_writeReadme) ? ReadmeTable.Write(ServingModules.Readme(session), ReadmeTable.Results, table.Markdown()) : null;
        session.Answer(new { Markdown = table.Markdown(), table.Missing, ReadmeChanged = written },
            screen => screen.Line(written switch
            {
                null => table.Markdown(),
                true => "workloads/Serving/README.md has the new table.",
                false => "workloads/Serving/README.md has this table already.",
            }));
        return ExitCode.Ok;
    }
}
