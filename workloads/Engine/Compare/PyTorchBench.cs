using System.Diagnostics;
using MlPerfEdu.Engine.Running;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Measure;

namespace MlPerfEdu.Engine.Compare;

/// <summary>Compares workloads with their PyTorch twins in one Python, on the threads of this process.</summary>
sealed class PyTorchBench(string python, string host, int threads)
{
    // The longest step is a second; building a large model may take a minute on a busy machine.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    const int Seed = 1;

    public Comparison Compare(ModelEntry entry, Contestant ours, string twin, int turns, IRunProgress progress, CancellationToken stop)
    {
        progress.Report("starting PyTorch", 0, "");
        var config = TwinConfig.Of(entry, ours.Trainer, ours.Recipe, ours.Batch, threads, Seed);
        using var process = TwinProcess.Start(python, host, twin, config, TwinEnvironment.Of(threads), Patience, stop);
        var facts = process.Facts;
        if (facts.Threads != threads)
            throw CompareErrors.OtherThreads(twin, facts.Threads, threads);
        if (facts.Parameters != entry.Params)
            throw CompareErrors.OtherModel(twin, facts.Parameters, entry.Params);
        var (steps, our, twins) = new Turns(ours.Step, process, progress, stop).Take(turns);
        return new(entry.Id, ours.Batch, steps, our, twins, facts);
    }
}

delegate Contestant OpenContestant(
    Repository repository, WorkloadCatalog catalog, ModelEntry entry, IRunProgress progress, CancellationToken stop);

/// <param name="Trainer">The workload itself, or the one whose weights it serves.</param>
/// <param name="Recipe">Absent where nothing is trained.</param>
sealed record Contestant(IRunningStep Step, int Batch, WorkloadEntry Trainer, Recipe? Recipe, IDisposable Owner) : IDisposable
{
    /// <summary>The workload on the first data that is available.</summary>
    public static Contestant Of(
        Repository repository, WorkloadCatalog catalog, ModelEntry entry, IRunProgress progress, CancellationToken stop)
    {
        using var runner = new WorkloadRunner(repository, catalog);
        var opened = runner.Open(entry, new RunOptions { EvidenceFolder = repository.NewEvidenceFolder }, progress, stop);
        return new(
            opened.Steps.Prepare(opened.Steps.Batch), opened.Steps.Batch, opened.Trainer.Entry,
            entry is WorkloadEntry ? opened.Trainer.Choice.Recipe : null, (IDisposable)opened.Steps);
    }

    public void Dispose()
    {
        Step.Dispose();
        Owner.Dispose();
    }
}

/// <summary>Lets two programs take turns on the machine, so that its disturbances hit both alike.</summary>
sealed class Turns(IRunningStep step, TwinProcess twin, IRunProgress progress, CancellationToken stop)
{
    // Long enough to refill the caches after the other side's turn, short compared with the drift of a machine.
    static readonly TimeSpan Length = TimeSpan.FromMilliseconds(200);

    // Idle threads of the side that has finished spin on for some milliseconds, and would slow the other one down.
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    const int WarmUpTurns = 3;
    const int MostStepsPerTurn = 1000;

    // The first step of a turn wakes the threads and finds the caches full of the other side's data.
    const int LeastStepsPerTurn = 4;

    public (int StepsPerTurn, List<double> Ours, List<double> Twins) Take(int turns)
    {
        var steps = WarmUp();
        var (ours, twins) = (new List<double>(turns), new List<double>(turns));
        for (var turn = 0; turn < turns; turn++)
        {
            // Neither side always comes second.
            if (turn % 2 != 0)
                twins.Add(Twin(steps));
            ours.Add(Our(steps));
            if (turn % 2 == 0)
                twins.Add(Twin(steps));

            progress.Report("turns", (turn + 1.0) / turns,
                $"{Units.Seconds(Statistics.Median(ours))} vs. PyTorch {Units.Seconds(Statistics.Median(twins))} per step, " +
                Units.Ratio(Statistics.Median([.. ours.Zip(twins, (our, other) => other / our)])));
        }
        return (steps, ours, twins);
    }

    /// <summary>As many steps as fill a turn of the slower side, once both are warm.</summary>
    int WarmUp()
    {
        var steps = 1;
        for (var turn = 0; turn < WarmUpTurns; turn++)
        {
            progress.Report("warming up", (double)turn / WarmUpTurns, "");
            var slower = Math.Max(Our(steps), Twin(steps));
            steps = (int)Math.Clamp(Math.Ceiling(Length.TotalSeconds / slower), LeastStepsPerTurn, MostStepsPerTurn);
        }
        return steps;
    }

    double Our(int steps)
    {
        Rest();
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < steps; i++)
            step.Step();
        return Stopwatch.GetElapsedTime(began).TotalSeconds / steps;
    }

    double Twin(int steps)
    {
        Rest();
        return twin.Run(steps, stop) / steps;
    }

    void Rest()
    {
        stop.ThrowIfCancellationRequested();
        Thread.Sleep(Pause);
    }
}

sealed record Comparison(
    string Id, int Batch, int StepsPerTurn, IReadOnlyList<double> Ours, IReadOnlyList<double> Twins, TwinFacts Twin)
{
    const double Confidence = 0.95;

    /// <summary>Fewer turns do not bound a median with that confidence.</summary>
    public const int FewestTurns = 6;

    public double OurStep { get; } = Statistics.Median(Ours);
    public double TwinStep { get; } = Statistics.Median(Twins);

    /// <summary>The twin's time over ours, turn by turn: anything that slows both down cancels.</summary>
    public double Ratio { get; } = Statistics.Median(Ratios(Ours, Twins));

    public Interval RatioInterval { get; } = Statistics.MedianInterval(Ratios(Ours, Twins), Confidence)
        ?? throw new ArgumentException($"Found {Ours.Count} turns, expected at least {FewestTurns}: take more.", nameof(Ours));

    static double[] Ratios(IReadOnlyList<double> ours, IReadOnlyList<double> twins) => [.. ours.Zip(twins, (our, twin) => twin / our)];
}
