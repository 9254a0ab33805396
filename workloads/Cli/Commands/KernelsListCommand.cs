using System.CommandLine;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Workloads.Cli.State;

namespace MlPerfEdu.Workloads.Cli.Commands;

sealed class KernelsListCommand : CliCommand
{
    public KernelsListCommand()
        : base("list", "Show the serving kernels and their rows in the original's table.",
            new Example("kernels list", "All of serving.yaml."))
    {
    }

    protected override ExitCode Execute(ParseResult parse, Session session)
    {
        var modules = ServingModules.Of(session);
        session.Answer(new { Modules = modules }, screen =>
        {
            var grid = new Grid(">row", "module", "operation", ">original", "shapes");
            foreach (var (module, row) in modules.SelectMany(module => module.Rows.Select(row => (module, row)))
                .OrderBy(pair => pair.row.Row))
            {
                grid.Add($"{row.Row}", module.Id, row.Operation,
                    row.OriginalMicroseconds is { } original ? Units.Si(original * 1e-6, "s") : "",
                    row.Shapes);
            }
            screen.Table(grid);
        });
        return ExitCode.Ok;
    }
}
