using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Workloads.Cli.Plots;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Cli.Commands;

/// <summary>Several runs after one another, and their one table.</summary>
sealed class RunSeries(Session session, IReadOnlyList<CatalogEntry> entries, IReadOnlyList<int> seeds, RunOptions options)
{
    readonly RunExperiment _ask = session.Host.Experiments(session.Repository);
    readonly RunWorkload _run = session.Host.Runner(session.Repository, session.Catalog);

    public ExitCode Run()
    {
        var results = new List<RunResult>();
        var experiments = new List<ExperimentResult>();
        var stopped = !entries.All(entry => entry switch
        {
            ExperimentEntry experiment => Ask(experiment, experiments),
            _ => seeds.All(seed => Train((ModelEntry)entry, seed, results)),
        });

        var exit = stopped ? ExitCode.Interrupted : ExitOf(results, experiments);
        var plots = Draw(results, experiments);
        session.Answer(
            new { Passed = exit == ExitCode.Ok, ExitCode = (int)exit, Runs = results, Experiments = experiments, Plots = plots },
            screen =>
            {
                foreach (var experiment in experiments)
                    ExperimentPage.Draw(screen, experiment, session.Repository);
                if (results.Count > 0)
                    RunTable.Draw(screen, results, session.Repository);
                foreach (var plot in plots)
                    screen.Line($"Plot: {plot}", Tone.Faint);
            });
        if (stopped)
            session.Host.Tell(session.Log, Failure.Interrupted);
        return exit;
    }

    // Several seeds of a workload are one point of the roofline: that of the last one.
    List<string> Draw(IEnumerable<RunResult> results, IEnumerable<ExperimentResult> experiments) =>
    [
        .. PictureFiles.Write(
            [
                .. results.Select(result => result.Evidence).OfType<EvidenceRecord>().GroupBy(record => record.Workload.Id)
                    .Select(ofOne => ofOne.Last()),
                .. experiments.Select(experiment => experiment.Evidence).OfType<ExperimentRecord>(),
            ], session).Select(drawn => drawn.File),
    ];

    /// <summary>False when the user stopped it.</summary>
    bool Train(ModelEntry entry, int seed, List<RunResult> results)
    {
        var title = seeds.Count > 1 ? $"{entry.Id} seed {seed}" : entry.Id;
        return Try(
            title,
            () =>
            {
                var outcome = session.Track(title, progress => _run(entry, options with { Seed = seed }, progress, session.Host.Stop));
                results.Add(RunResult.Of(session.Repository, entry, seed, outcome));
                Conclude(title, results[^1].Passed, outcome.Evidence.Quality.Constraints.Prepend(outcome.Evidence.Quality.Target));
            },
            failure => results.Add(RunResult.Of(entry, seed, failure)));
    }

    bool Ask(ExperimentEntry entry, List<ExperimentResult> results) => Try(
        entry.Id,
        () =>
        {
            try
            {
                var outcome = session.Track(entry.Id, progress => _ask(entry, options.EvidenceFolder, progress, session.Host.Stop));
                results.Add(ExperimentResult.Of(entry, outcome));
                Conclude(entry.Id, outcome.Passed, outcome.Evidence.Checks);
            }
            catch (NotAvailableException skipped)
            {
                results.Add(ExperimentResult.Skip(entry, skipped.Message));
                session.Log.Line($"{entry.Id}: skipped, because {skipped.Message}.", Tone.Warning);
            }
        },
        failure => results.Add(ExperimentResult.Of(entry, failure)));

    void Conclude(string title, bool passed, IEnumerable<QualityCheck> checks) =>
        session.Log.Line($"{title}: {(passed ? "passed" : "FAILED")}, {string.Join(", ", checks)}");

    bool Try(string title, Action work, Action<Failure> failed)
    {
        if (session.Host.Stop.IsCancellationRequested)
            return false;
        try
        {
            work();
            return true;
        }
#pragma warning disable CA1031 // Whatever stops one workload must not stop the others; it is in the table and the exit code.
        catch (Exception error)
#pragma warning restore CA1031
        {
            var failure = Failure.Of(error, session.Host.Stop);
            if (failure.Exit == ExitCode.Interrupted)
                return false;
            session.Log.Line($"error {failure.Code}: {title}: {failure.Message}", Tone.Bad);
            failed(failure);
            return true;
        }
    }

    // A verdict weighs more than an error: it says something about the workload.
    static ExitCode ExitOf(List<RunResult> results, List<ExperimentResult> experiments)
    {
        var failed = results.Where(result => !result.Passed).Select(result => result.Error)
            .Concat(experiments.Where(experiment => !experiment.Passed).Select(experiment => experiment.Error))
            .ToList();
        if (failed.Count == 0)
            return ExitCode.Ok;
        return failed.Contains(null) ? ExitCode.Failed : (ExitCode)failed[0]!.ExitCode;
    }
}
