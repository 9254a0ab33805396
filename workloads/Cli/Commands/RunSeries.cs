using MlPerfEdu.Generator;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Cli.Commands;

/// <summary>Several runs after one another, and their one table.</summary>
sealed class RunSeries(Session session, IReadOnlyList<WorkloadEntry> entries, IReadOnlyList<int> seeds, RunOptions options)
{
    readonly RunWorkload _run = session.Host.Runner(session.Repository, session.Catalog);

    public ExitCode Run()
    {
        var results = new List<RunResult>();
        var stopped = false;
        foreach (var (entry, seed) in entries.SelectMany(entry => seeds.Select(seed => (entry, seed))))
        {
            if (session.Host.Stop.IsCancellationRequested || One(entry, seed) is not { } result)
            {
                stopped = true;
                break;
            }

            results.Add(result);
        }

        var exit = stopped ? ExitCode.Interrupted : ExitOf(results);
        session.Answer(
            new { Passed = exit == ExitCode.Ok, ExitCode = (int)exit, Runs = results },
            screen => RunTable.Draw(screen, results, session.Repository));
        if (stopped)
            session.Log.Line($"error {Failure.Interrupted.Code}: {Failure.Interrupted.Message}", Tone.Bad);
        return exit;
    }

    /// <summary>Null when the user stopped it.</summary>
    RunResult? One(WorkloadEntry entry, int seed)
    {
        var title = seeds.Count > 1 ? $"{entry.Id} seed {seed}" : entry.Id;
        try
        {
            var outcome = session.Track(title, progress =>
                _run(entry, options with { Seed = seed }, progress, session.Host.Stop));
            var result = RunResult.Of(entry, seed, outcome);
            session.Log.Line($"{title}: {(result.Passed ? "passed" : "FAILED")}, {string.Join(", ", outcome.Evidence.Quality.Constraints.Prepend(outcome.Evidence.Quality.Target))}");
            return result;
        }
#pragma warning disable CA1031 // Whatever stops one workload must not stop the others; it is in the table and the exit code.
        catch (Exception error)
#pragma warning restore CA1031
        {
            var failure = Failure.Of(error, session.Host.Stop);
            if (failure.Exit == ExitCode.Interrupted)
                return null;
            session.Log.Line($"error {failure.Code}: {title}: {failure.Message}", Tone.Bad);
            return RunResult.Of(entry, seed, failure);
        }
    }

    // A verdict weighs more than an error: it says something about the workload.
    static ExitCode ExitOf(List<RunResult> results) => results.Find(result => !result.Passed) is not { } first
        ? ExitCode.Ok
        : results.Exists(result => result is { Passed: false, Error: null }) ? ExitCode.Failed : (ExitCode)first.Error!.ExitCode;
}
