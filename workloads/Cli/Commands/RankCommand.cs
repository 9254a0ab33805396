using System.CommandLine;
using MlPerfEdu.Generator;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Workloads.Distributed;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Cli.Commands;

sealed class RankCommand : CliCommand
{
    readonly Argument<string> _id = OneValue("ID", "A workload that runs as several processes");
    readonly Option<int?> _steps = new("--steps") { Description = "Take so many steps, not those of the entry", HelpName = "N" };
    readonly Option<bool> _attached = new("--attached") { Description = "End when the input of rank 0 ends, as whoever started it has" };

    public RankCommand()
        : base("rank", "Be one process of several, started by Open MPI's mpirun.",
            new("rank micro-dlrm-distributed", "After `mpirun -n 4 dotnet run --project workloads --`, on one host or several; `run` starts them on this machine."),
            new("rank micro-dlrm-distributed --steps 1000", "A longer run."))
    {
        Add(_id);
        Add(_steps);
        Add(_attached);
        _steps.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(int.TryParse(token.Value, out var steps) && steps > 0))
                result.AddError($"--steps '{token.Value}' is not a whole number from 1.");
        });
    }

    protected override ExitCode Execute(ParseResult parse, Session session)
    {
        var id = parse.GetValue(_id)!;
        var ranked = session.Entry(id) is ExperimentEntry entry ? ExperimentRunner.Create(entry, session.Facts) as IRankedExperiment : null;
        var experiment = ranked ?? throw DistributedErrors.NoRanks(id, Implementations.Of<IRankedExperiment>());
        var place = RankPlace.From(session.Host.Variable);
        // mpirun gives its input to rank 0, and ends the others with it.
        if (parse.GetValue(_attached) && IsFirst(place))
            EndWithTheInput();
        var group = MpiGroup.Join(place);
        session.Log.Line($"{place} has joined as process {Environment.ProcessId}.");
        var answer = session.Track(id, progress => RankAnswer.Gather(group, experiment.MeasureRank(
            group, parse.GetValue(_steps), IsFirst(place) ? progress : new NoProgress(), session.Host.Stop)));
        group.Leave();
        if (IsFirst(place))
            session.Answer(answer, screen => Draw(screen, answer));
        return ExitCode.Ok;
    }

    // It speaks for all.
    static bool IsFirst(RankPlace place) => place.Rank == 0;

    static void Draw(Screen screen, RankAnswer answer)
    {
        var table = new TextTable(2, "measured", "at", "median", "samples");
        foreach (var point in answer.Points)
        {
            var at = string.Join(", ", point.At.Select(pair => FormattableString.Invariant($"{pair.Key} {pair.Value}")));
            table.Row(point.Name, at, FormattableString.Invariant($"{Statistics.Median(point.Samples):g4}"), $"{point.Samples.Count}");
        }

        screen.Line(table.ToString().TrimEnd());
    }

    // Whoever started this rank may be killed without a chance to end it.
    static void EndWithTheInput() => new Thread(() =>
    {
        while (Console.In.Read() >= 0)
        {
        }

        Interruption.Leave(ExitCode.Interrupted);
    })
    { IsBackground = true }.Start();

    sealed class NoProgress : IRunProgress
    {
        public void Report(string phase, double share, string detail)
        {
        }
    }
}
