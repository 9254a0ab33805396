using System.Diagnostics;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Measure;

namespace MlPerfEdu.Engine.Compare;

/// <summary>One of two sides that take turns.</summary>
interface ISide : IDisposable
{
    /// <returns>The seconds that so many steps took.</returns>
    double Run(int steps, CancellationToken stop);

    /// <summary>Absent on a side that runs in this process.</summary>
    TwinFacts? Twin => null;
}

/// <summary>A side whose steps run in this process.</summary>
sealed class OwnSide(Action step, IDisposable owner) : ISide
{
    public double Run(int steps, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < steps; i++)
            step();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    public void Dispose() => owner.Dispose();
}

/// <summary>Lets two sides take turns on the machine, so that its disturbances hit both alike.</summary>
/// <param name="name">Of the other side, for progress.</param>
sealed class Turns(ISide ours, ISide theirs, string name, IRunProgress progress, CancellationToken stop)
{
    // Long enough to refill the caches after the other side's turn, short compared with the drift of a machine.
    static readonly TimeSpan Length = TimeSpan.FromMilliseconds(200);

    // Idle threads of the side that has finished spin on for some milliseconds, and would slow the other one down.
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    const int WarmUpTurns = 3;
    const int MostStepsPerTurn = 1000;

    // The first step of a turn wakes the threads and finds the caches full of the other side's data.
    const int LeastStepsPerTurn = 4;

    public (int StepsPerTurn, List<double> Ours, List<double> Theirs) Take(int turns)
    {
        var steps = WarmUp();
        var (our, their) = (new List<double>(turns), new List<double>(turns));
        for (var turn = 0; turn < turns; turn++)
        {
            // Neither side always comes second.
            if (turn % 2 != 0)
                their.Add(Turn(theirs, steps));
            our.Add(Turn(ours, steps));
            if (turn % 2 == 0)
                their.Add(Turn(theirs, steps));

            progress.Report("turns", (turn + 1.0) / turns,
                $"{Units.Seconds(Statistics.Median(our))} vs. {name} {Units.Seconds(Statistics.Median(their))} per step, " +
                Units.Ratio(Statistics.Median([.. our.Zip(their, (mine, other) => other / mine)])));
        }
        return (steps, our, their);
    }

    /// <summary>As many steps as fill a turn of the slower side, once both are warm.</summary>
    int WarmUp()
    {
        var steps = 1;
        for (var turn = 0; turn < WarmUpTurns; turn++)
        {
            progress.Report("warming up", (double)turn / WarmUpTurns, "");
            var slower = Math.Max(Turn(ours, steps), Turn(theirs, steps));
            steps = (int)Math.Clamp(Math.Ceiling(Length.TotalSeconds / slower), LeastStepsPerTurn, MostStepsPerTurn);
        }
        return steps;
    }

    double Turn(ISide side, int steps)
    {
        stop.ThrowIfCancellationRequested();
        Thread.Sleep(Pause);
        return side.Run(steps, stop) / steps;
    }
}

/// <param name="Twin">What the other side is, where it is a twin in PyTorch.</param>
sealed record Comparison(
    string Id, int Batch, int StepsPerTurn, IReadOnlyList<double> Ours, IReadOnlyList<double> Theirs, TwinFacts? Twin)
{
    const double Confidence = 0.95;

    /// <summary>Fewer turns do not bound a median with that confidence.</summary>
    public const int FewestTurns = 6;

    public double OurStep { get; } = Statistics.Median(Ours);
    public double TheirStep { get; } = Statistics.Median(Theirs);

    /// <summary>The other side's time over ours, turn by turn: anything that slows both down cancels.</summary>
    public double Ratio { get; } = Statistics.Median(Ratios(Ours, Theirs));

    public Interval RatioInterval { get; } = Statistics.MedianInterval(Ratios(Ours, Theirs), Confidence)
        ?? throw new ArgumentException($"Found {Ours.Count} turns, expected at least {FewestTurns}: take more.", nameof(Ours));

    static double[] Ratios(IReadOnlyList<double> ours, IReadOnlyList<double> theirs) => [.. ours.Zip(theirs, (our, their) => their / our)];
}
