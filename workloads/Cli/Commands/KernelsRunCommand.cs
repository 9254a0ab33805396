using System.CommandLine;
using MlPerfEdu.Generator;
using MlPerfEdu.Serving.Measure;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Workloads.Cli.State;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Cli.Commands;

sealed class KernelsRunCommand : CliCommand
{
    readonly Argument<string[]> _ids = ManyValues("MODULE", "Modules of serving.yaml; all when none is named");

    readonly Option<string?> _beside = new("--beside")
        { Description = "Also compute each row as the original does, in turn, with this Python; it needs NumPy", HelpName = "PYTHON" };

    public KernelsRunCommand()
        : base("run", "Measure the serving kernels, and keep what was measured.",
            new("kernels run", "All rows, in two to three minutes; leave the machine alone meanwhile. Exits with 1 when one is slower than the original's table."),
            new("kernels run gqa paged-kv", "The rows of two modules."),
            new("kernels run --beside python3", "And the original's way of each row on this machine."))
    {
        Add(_ids);
        Add(_beside);
    }

    protected override ExitCode Execute(ParseResult parse, Session session)
    {
        var modules = ServingModules.Of(session, parse.GetValue(_ids)!);
        EvidenceRoom.Check(ServingModules.EvidenceFolder(session));
        using var original = StartOriginal(parse.GetValue(_beside), session);
        var run = session.Track("kernels", progress => session.Host.Kernels(modules, session.Facts, original, progress, session.Host.Stop));
        var slower = 0;
        foreach (var measured in run.Modules)
        {
            KernelEvidence.Of(measured.Module, session.Facts, run.Roofs, measured.Rows).Write(ServingModules.EvidenceFolder(session));
            slower += measured.Rows.Count(row => row.Ratio < 1);
            foreach (var row in measured.Rows)
                session.Log.Line(Line(measured.Module, row), row.Ratio < 1 ? Tone.Bad : Tone.Plain);
        }
        var table = new KernelTable(modules, module => KernelEvidence.Read(ServingModules.EvidenceFolder(session), module));
        session.Answer(new { run.Roofs, Slower = slower, Markdown = table.Markdown() }, screen => screen.Line(table.Markdown()));
        return slower == 0 ? ExitCode.Ok : ExitCode.Failed;
    }

    static OriginalProcess? StartOriginal(string? python, Session session) => python is null ? null
        : OriginalProcess.Start(python, ServingModules.Script(session)) ?? throw CliErrors.NotStarted(python);

    static string Line(KernelModule module, MeasuredRow row) =>
        $"{module.Id} {row.Row.Operation}: {row.Latency.Median * 1e6:0.###} µs" +
        $"{(row.Ratio is { } ratio ? $", {ratio:0.0} times as fast as the original" : "")}";
}
