using MlPerfEdu.Engine.Distributed;

namespace MlPerfEdu.Cli.Commands;

sealed class RankCommand() : CliCommand(
    "rank", "Act as one process of a distributed run that Open MPI's mpirun started.",
    new("rank micro-dlrm-distributed",
        "As `mpirun -n 4 dotnet run --project workloads -- rank …`, on one host or several; on one machine, `run` starts the processes itself."),
    new("rank micro-dlrm-distributed --steps 1000", "A longer run."))
{
    readonly Argument<string> id = OneValue("ID", "A workload that runs as several processes");
    readonly Option<int?> steps = WholeNumber(
        new Option<int?>("--steps") { Description = "Number of steps, instead of the entry's own", HelpName = "N" }, 1);
    readonly Option<bool> attached = new("--attached") { Description = "End when rank 0's standard input closes, which happens when the parent process ends" };

    protected override IReadOnlyList<Symbol> Inputs => [id, steps, attached];

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var id = parse.GetValue(this.id)!;
        var ranked = invocation.Entry(id) is ExperimentEntry entry ? ExperimentRunner.Create(entry, invocation.Facts) as IRankedExperiment : null;
        var experiment = ranked ?? throw DistributedErrors.NoRanks(id, Implementations.Of<IRankedExperiment>());
        var place = RankPlace.From(invocation.Services.Variable);
        // mpirun gives its input to rank 0, and ends the others with it.
        if (parse.GetValue(attached) && IsFirst(place))
            EndWithTheInput();
        var group = MpiGroup.Join(place);
        invocation.Log.Line($"{place} has joined as process {Environment.ProcessId}.");
        var silent = new Reporter(_ => { }, invocation.Services.Clock, CancellationToken.None);
        var answer = invocation.Track(id, progress => RankAnswer.Gather(group, experiment.MeasureRank(
            group, parse.GetValue(steps), IsFirst(place) ? progress : silent, invocation.Stop)));
        group.Leave();
        if (IsFirst(place))
            invocation.Answer(answer, screen => Draw(screen, answer));
        return ExitCode.Ok;
    }

    // It speaks for all.
    static bool IsFirst(RankPlace place) => place.Rank == 0;

    static void Draw(Screen screen, RankAnswer answer)
    {
        var table = new TextTable(2, "measured", "at", "median", "samples");
        foreach (var point in answer.Points)
        {
            var at = string.Join(", ", point.At.Select(pair => $"{pair.Key} {pair.Value}"));
            table.Row(point.Name, at, $"{Statistics.Median(point.Samples):g4}", $"{point.Samples.Count}");
        }
        screen.Line(table.ToString().TrimEnd());
    }

    // The parent process may be killed without a chance to end this one.
    static void EndWithTheInput() => new Thread(() =>
    {
        while (Console.In.Read() >= 0)
        {
        }
        Interruption.Leave(ExitCode.Interrupted);
    })
    { IsBackground = true }.Start();
}
