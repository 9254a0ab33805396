using System.Diagnostics;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Compare;

/// <summary>Lets two programs take turns on the machine, so that whatever it does meanwhile happens to both.</summary>
sealed class Turns(IRunningStep step, TwinProcess twin, IRunProgress progress, CancellationToken stop)
{
    // Long against what the other side's turn left in the caches, short against the drift of a machine.
    static readonly TimeSpan Length = TimeSpan.FromMilliseconds(200);

    // The threads of the side that is done spin on for some milliseconds, and would slow the other one down.
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    const int WarmUpTurns = 3;
    const int MostStepsPerTurn = 1000;

    // The first step of a turn wakes the threads and finds the caches full of the other side's numbers.
    const int LeastStepsPerTurn = 4;

    public (int StepsPerTurn, List<double> Ours, List<double> Twins) Take(int turns)
    {
        var steps = WarmUp();
        var (ours, twins) = (new List<double>(turns), new List<double>(turns));
        for (var turn = 0; turn < turns; turn++)
        {
            // Neither is always the one that comes second.
            if (turn % 2 == 0)
            {
                ours.Add(Our(steps));
                twins.Add(Twin(steps));
            }
            else
            {
                twins.Add(Twin(steps));
                ours.Add(Our(steps));
            }

            progress.Report("turns", (turn + 1.0) / turns,
                $"{Units.Seconds(Statistics.Median(ours))} against {Units.Seconds(Statistics.Median(twins))} per step, " +
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
