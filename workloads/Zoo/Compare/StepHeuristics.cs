namespace MlPerfEdu.Zoo;

/// <summary>What <see cref="Heuristics"/> are for a step whose operators and bytes are counted.</summary>
/// <param name="Efficiency">Share of the measured peak.</param>
/// <param name="Traffic">Bytes that really move, as a multiple of those counted.</param>
/// <param name="PerCall">What calling one operator adds.</param>
public readonly record struct StepHeuristics(double Efficiency, double Traffic, Duration PerCall)
{
    /// <summary>Before anything is fitted.</summary>
    public static StepHeuristics Usual { get; } = new(Heuristics.Usual.Efficiency, 1, Heuristics.Usual.LayerOverhead);

    public Duration Predict(TimedStep step)
    {
        var (computing, moving) = Roofs(step);
        return computing + moving + Dispatch(step);
    }

    /// <summary>Predicted time, as a multiple of the measured one.</summary>
    public double Ratio(TimedStep step) => Predict(step) / step.Time;

    /// <summary>What takes most of the prediction.</summary>
    public StepTerm Longest(TimedStep step)
    {
        var (computing, moving) = Roofs(step);
        return Largest(computing, moving, Dispatch(step));
    }

    /// <summary>The term in which this prediction differs most from another one.</summary>
    public StepTerm MostChanged(TimedStep step, StepHeuristics from)
    {
        var (ours, theirs) = (Roofs(step), from.Roofs(step));
        return Largest(
            Apart(ours.Computing, theirs.Computing), Apart(ours.Moving, theirs.Moving), Apart(Dispatch(step), from.Dispatch(step)));
    }

    // Each part takes as long as the lower of its two roofs lets it: convolutions compute while norms wait for memory.
    (Duration Computing, Duration Moving) Roofs(TimedStep step)
    {
        Duration computing = default, moving = default;
        foreach (var part in step.Parts)
        {
            var compute = part.Work / (step.Peak * Efficiency);
            var move = part.Traffic * Traffic / step.Bandwidth;
            if (compute > move)
                computing += compute;
            else
                moving += move;
        }

        return (computing, moving);
    }

    Duration Dispatch(TimedStep step) => PerCall * step.Calls;

    static Duration Apart(Duration a, Duration b) => new(Math.Abs(a.Value - b.Value));

    static StepTerm Largest(Duration compute, Duration moving, Duration dispatch) => dispatch > compute && dispatch > moving
        ? StepTerm.Dispatch
        : moving > compute ? StepTerm.Bandwidth : StepTerm.Compute;
}
