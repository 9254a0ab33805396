using System.CommandLine;
using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Detect;
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
            new("kernels run", "All rows, in two to three minutes; leave the machine alone meanwhile."),
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
        var (all, roofs) = session.Track("kernels", progress => Measure(modules, session.Facts, original, progress, session.Host.Stop));
        var slower = 0;
        foreach (var measured in all)
        {
            KernelEvidence.Of(measured.Module, session.Facts, roofs, measured.Rows).Write(ServingModules.EvidenceFolder(session));
            slower += measured.Rows.Count(row => row.Ratio < 1);
            foreach (var row in measured.Rows)
                session.Log.Line(Line(measured.Module, row), row.Ratio < 1 ? Tone.Bad : Tone.Plain);
        }
        var table = new KernelTable(modules, module => KernelEvidence.Read(ServingModules.EvidenceFolder(session), module));
        session.Answer(new { Roofs = roofs, Slower = slower, Markdown = table.Markdown() }, screen => screen.Line(table.Markdown()));
        return slower == 0 ? ExitCode.Ok : ExitCode.Failed;
    }

    static OriginalProcess? StartOriginal(string? python, Session session) => python is null ? null
        : OriginalProcess.Start(python, ServingModules.Script(session)) ?? throw CliErrors.NotStarted(python);

    // All modules and the roofs in each round: whoever else uses the processor seldom does so for as long as a round takes.
    static (IReadOnlyList<ModuleMeasurement> Modules, Roofs Roofs) Measure(
        IReadOnlyList<KernelModule> modules, MachineFacts facts, OriginalProcess? original, IRunProgress progress, CancellationToken stop)
    {
        List<ModuleMeasurement> measured = [];
        var roofs = Roofs.Measure(facts);
        for (var round = 0; round < LatencyMeter.Rounds; round++)
        {
            for (var at = 0; at < modules.Count; at++)
            {
                var phase = round == 0 ? "warming up" : "sampling";
                var done = round == 0 ? at : (round - 1) * modules.Count + at;
                progress.Report(phase, (double)done / (round == 0 ? 1 : LatencyMeter.Rounds - 1) / modules.Count, modules[at].Id);
                if (round == 0)
                    measured.Add(new(modules[at], new(), original, stop));
                measured[at].AddRound();
            }
            roofs = roofs.Or(Roofs.Measure(facts));
        }
        return (measured, roofs);
    }

    static string Line(KernelModule module, MeasuredRow row) =>
        $"{module.Id} {row.Row.Operation}: {row.Latency.Median * 1e6:0.###} µs" +
        $"{(row.Ratio is { } ratio ? $", {ratio:0.0} times as fast as the original" : "")}";
}
