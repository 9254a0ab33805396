using MlPerfEdu.Engine.Inference;
using MlPerfEdu.Engine.LoadGen;
using MlPerfEdu.Roofline.Load;

namespace MlPerfEdu.Engine.Running;

/// <summary>What a model under load is asked besides a run. Neither writes evidence.</summary>
public sealed class ServingTrials(WorkloadRunner runner)
{
    /// <summary>Every sample once: the answers as LoadGen's accuracy mode logs them.</summary>
    /// <exception cref="RunException">The workload does not tell its answers.</exception>
    public string Accuracy(InferenceEntry entry, RunOptions options, IRunProgress progress, CancellationToken stop)
    {
        progress.Report("data", 0, "");
        var (steps, _) = runner.Open(entry, options, progress, stop);
        using var workload = (IInferenceWorkload)steps;
        var told = workload as ITellsAnswers ?? throw RunErrors.TellsNoAnswers(entry.Id);
        var settings = ServingSession.Settings(entry.Load, options.Scenario ?? ScenarioNames.Parse(entry.Scenario), options.Seed);
        return AccuracyLog.Of(settings, workload as IBatchingSystem ?? new OneByOne(workload), told, Say, stop);

        void Say(int done) => progress.Report("answering", (double)done / settings.Samples, $"{done} of {settings.Samples} samples");
    }

    /// <summary>The largest rate of queries that a model answers within its bounds.</summary>
    /// <param name="options">Its rate is where the search begins; absent, the entry's.</param>
    public PeakRate FindPeak(InferenceEntry entry, RunOptions options, IRunProgress progress, CancellationToken stop)
    {
        progress.Report("data", 0, "");
        var (steps, _) = runner.Open(entry, options, progress, stop);
        using var workload = (IInferenceWorkload)steps;
        return PeakSearch.Find(options.TargetRate ?? entry.Load.TargetRate, rate =>
        {
            var settings = Settings(entry.Load, options.Seed, rate);
            var answers = ServingSession.Answers(settings, workload, new SystemQueryClock(), Say, stop);
            return TriedRate.Of(new ServingRecord(settings, answers));

            void Say(int done) =>
                progress.Report("searching", Math.Min(1, (double)done / Expected(settings)), FormattableString.Invariant($"{rate:0.###} queries per second, {done} answered"));
        });
    }

    /// <summary>Long enough for a system that falls behind to fall behind by a bound.</summary>
    internal static LoadSettings Settings(Load load, int seed, double rate)
    {
        var settings = ServingSession.Settings(load, LoadScenario.Server, seed, rate);
        var bound = settings.FirstTokenBoundSeconds ?? (settings.PerTokenBoundSeconds is null ? load.LatencyBoundSeconds : 0);
        return settings with { Seconds = Math.Max(load.Seconds, PeakSearch.BoundsPerRun * bound) };
    }

    static double Expected(LoadSettings settings) => Math.Max(settings.Queries, settings.Seconds * settings.TargetRate!.Value);
}
