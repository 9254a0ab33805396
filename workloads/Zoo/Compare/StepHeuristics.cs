namespace MlPerfEdu.Zoo;

/// <summary>What <see cref="Heuristics"/> are for a step whose operators and bytes are counted.</summary>
/// <param name="Efficiency">Share of the measured peak.</param>
/// <param name="Traffic">Bytes that really move, as a multiple of those counted.</param>
/// <param name="PerCall">What calling one operator adds.</param>
public readonly record struct StepHeuristics(double Efficiency, double Traffic, Duration PerCall)
{
    /// <summary>Before anything is fitted.</summary>
    public static StepHeuristics Usual { get; } = new(Heuristics.Usual.Efficiency, 1, Heuristics.Usual.LayerOverhead);

    public Duration Predict(TimedStep step) => Duration.Max(Compute(step), Moving(step)) + Dispatch(step);

    /// <summary>Predicted time, as a multiple of the measured one.</summary>
    public double Ratio(TimedStep step) => Predict(step) / step.Time;

    /// <summary>The longest part of the prediction.</summary>
    public StepTerm Longest(TimedStep step) => Largest(Compute(step), Moving(step), Dispatch(step));

    /// <summary>The part in which this prediction differs most from another one.</summary>
    public StepTerm MostChanged(TimedStep step, StepHeuristics from) => Largest(
        Apart(Compute(step), from.Compute(step)), Apart(Moving(step), from.Moving(step)), Apart(Dispatch(step), from.Dispatch(step)));

    Duration Compute(TimedStep step) => step.Work / (step.Peak * Efficiency);

    Duration Moving(TimedStep step) => step.Traffic * Traffic / step.Bandwidth;

    Duration Dispatch(TimedStep step) => PerCall * step.Calls;

    static Duration Apart(Duration a, Duration b) => new(Math.Abs(a.Value - b.Value));

    static StepTerm Largest(Duration compute, Duration moving, Duration dispatch) => dispatch > compute && dispatch > moving
        ? StepTerm.Dispatch
        : moving > compute ? StepTerm.Bandwidth : StepTerm.Compute;
}
