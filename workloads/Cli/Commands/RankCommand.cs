using System.CommandLine;
using MlPerfEdu.Generator;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Workloads.Distributed;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Cli.Commands;

sealed class RankCommand : CliCommand
{
    readonly Argument<string> _id = OneValue("ID", "A workload that runs as several processes");
    readonly Option<int?> _steps = new("--steps") { Description = "Take so many steps, not those of the entry", HelpName = "N" };
    readonly Option<bool> _attached = new("--attached") { Description = "End when the input ends, as whoever started this rank has" };

    public RankCommand()
        : base("rank", "Be one process of several, at the place that MASTER_ADDR, MASTER_PORT, RANK and WORLD_SIZE name.",
            new("rank micro-dlrm-distributed", "On each host, started by a launcher of ranks; `run` starts them all on this machine."),
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
        if (parse.GetValue(_attached))
            EndWithTheInput();
        var id = parse.GetValue(_id)!;
        var ranked = session.Entry(id) is ExperimentEntry entry ? ExperimentRunner.Create(entry, session.Facts) as IRankedExperiment : null;
        var experiment = ranked ?? throw DistributedErrors.NoRanks(id, Implementations.Of<IRankedExperiment>());
        var place = RankPlace.From(session.Host.Variable);
        using var group = GlooGroup.JoinAs(place);
        session.Log.Line($"{place} has joined.");
        var points = session.Track(
            $"{id}, {place}", progress => experiment.MeasureRank(group, parse.GetValue(_steps), progress, session.Host.Stop));
        session.Answer(new RankAnswer(place.Rank, place.Size, points), screen =>
        {
            var table = new TextTable(2, "measured", "at", "median", "samples");
            foreach (var point in points)
            {
                var at = string.Join(", ", point.At.Select(pair => FormattableString.Invariant($"{pair.Key} {pair.Value}")));
                table.Row(point.Name, at, FormattableString.Invariant($"{Statistics.Median(point.Samples):g4}"), $"{point.Samples.Count}");
            }

            screen.Line(table.ToString().TrimEnd());
        });
        return ExitCode.Ok;
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
}
