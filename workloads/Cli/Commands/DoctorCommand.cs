using System.CommandLine;
using MlPerfEdu.Generator;
using MlPerfEdu.Workloads.Cli.Doctor;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Workloads.Cli.State;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Cli.Commands;

sealed class DoctorCommand : CliCommand
{
    public DoctorCommand()
        : base("doctor", "Check the tools, libtorch, the data, the clone and the machine, and say what to do.",
            new("doctor", "Everything that could keep a run from working or make it slow."),
            new("doctor --json", "The same for a bug report."))
    {
    }

    protected override ExitCode Execute(ParseResult parse, Session session)
    {
        List<Checkup> checkups = [.. Torch(session), .. DataChecks.Of(session.Host.Variable), .. Clone(session)];
        var worst = checkups.Max(checkup => checkup.Health);
        session.Answer(new { Health = worst, Checks = checkups }, screen => Draw(screen, checkups, worst));
        return worst == Health.Fail ? ExitCode.Environment : ExitCode.Ok;
    }

    static IEnumerable<Checkup> Torch(Session session)
    {
        try
        {
            return TorchChecks.Of(session.Host.Torch(), session.Host.Variable);
        }
#pragma warning disable CA1031 // Whatever keeps libtorch from loading is this check's finding; the other checks go on.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return [Checkup.Fail("libtorch", error.Message, "Restore the packages again (`dotnet restore --force`), then `dotnet build`.")];
        }
    }

    static IEnumerable<Checkup> Clone(Session session)
    {
        Repository repository;
        try
        {
            repository = session.Repository;
        }
        catch (EnvironmentProblem missing)
        {
            return [Checkup.Fail("clone", missing.Message, "Change into the clone and run the command there.")];
        }

        var newest = new EvidenceShelf(repository).New is [.., var last] ? last.MeasuredAt : null;
        return
        [
            .. new ToolChecks(repository.Root, session.Host.Variable).Run(),
            .. new CloneChecks(repository, session.MachineClass).Run(),
            .. MachineChecks.Of(session.Facts, FreeMemory.Bytes(), LargestBudget(repository), session.Host.Clock.GetUtcNow(), newest),
        ];
    }

    static double LargestBudget(Repository repository) =>
        WorkloadCatalogReader.Read(repository.WorkloadsYaml).Catalog?.Models.Max(entry => entry.Budget?.MemoryMb) * 1e6 ?? 0;

    static void Draw(Screen screen, List<Checkup> checkups, Health worst)
    {
        var grid = new Grid("", "check", "found");
        foreach (var checkup in checkups)
            grid.Add(Mark(checkup.Health), checkup.Subject, checkup.Found);
        screen.Table(grid);
        foreach (var checkup in checkups.Where(checkup => checkup.Health != Health.Ok))
            screen.Line($"{checkup.Subject}: {checkup.Advice}", checkup.Health == Health.Fail ? Tone.Bad : Tone.Warning);
        screen.Line(worst switch
        {
            Health.Ok => "All is well.",
            Health.Warn => "Everything works; see the advice above.",
            _ => "Something will not work; see the advice above.",
        }, Mark(worst).Tone);
    }

    static Cell Mark(Health health) => health switch
    {
        Health.Ok => new("OK", Tone.Good),
        Health.Warn => new("warn", Tone.Warning),
        _ => new("FAIL", Tone.Bad),
    };
}
