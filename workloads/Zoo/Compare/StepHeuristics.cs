namespace MlPerfEdu.Zoo;

/// <summary>A training step as it was counted and timed, and the machine as it was at that time.</summary>
/// <param name="Parts">What runs one after the other, each under its own roof.</param>
/// <param name="Calls">Operators called.</param>
/// <param name="Bandwidth">Of the memory that the step works in.</param>
public sealed record TimedStep(
    string Id, IReadOnlyList<StepPart> Parts, double Calls, FlopRate Peak, ByteRate Bandwidth, Duration Time);

/// <summary>One pass through one layer, or several of the same intensity.</summary>
/// <param name="Traffic">Bytes that its operators read and write, each by itself.</param>
public readonly record struct StepPart(Flop Work, ByteCount Traffic)
{
    public static StepPart operator +(StepPart a, StepPart b) => new(a.Work + b.Work, a.Traffic + b.Traffic);

    /// <summary>The same time in as few parts as possible: parts of equal intensity lie under the same roof.</summary>
    public static IReadOnlyList<StepPart> Merged(IEnumerable<StepPart> parts) =>
    [
        .. from part in parts
            where part.Work.Value > 0 || part.Traffic.Value > 0
            group part by part.Work / part.Traffic into same
            orderby same.Key.Value
            select same.Aggregate((a, b) => a + b),
    ];
}

/// <summary>A term of a predicted step.</summary>
public enum StepTerm { Compute, Bandwidth, Dispatch }

/// <summary>The counterpart of <see cref="Heuristics"/> for a step whose operators and bytes are counted.</summary>
/// <param name="Efficiency">Share of the measured peak.</param>
/// <param name="Traffic">Bytes that really move, as a multiple of those counted.</param>
/// <param name="PerCall">What calling one operator adds.</param>
public readonly record struct StepHeuristics(double Efficiency, double Traffic, Duration PerCall)
{
    /// <summary>Before anything is fitted.</summary>
    public static StepHeuristics Usual { get; } = new(Heuristics.Usual.Efficiency, 1, Heuristics.Usual.LayerOverhead);

    public Duration Predict(TimedStep step)
    {
        var (compute, move, dispatch) = Terms(step);
        return compute + move + dispatch;
    }

    /// <summary>Predicted time, as a multiple of the measured one.</summary>
    public double Ratio(TimedStep step) => Predict(step) / step.Time;

    /// <summary>The largest term of the prediction.</summary>
    public StepTerm Longest(TimedStep step)
    {
        var (compute, move, dispatch) = Terms(step);
        return Largest(compute.Value, move.Value, dispatch.Value);
    }

    /// <summary>The term in which this prediction differs most from another one.</summary>
    public StepTerm MostChanged(TimedStep step, StepHeuristics from)
    {
        var (ours, theirs) = (Terms(step), from.Terms(step));
        return Largest(
            Math.Abs(ours.Compute.Value - theirs.Compute.Value), Math.Abs(ours.Move.Value - theirs.Move.Value),
            Math.Abs(ours.Dispatch.Value - theirs.Dispatch.Value));
    }

    // The lower of its two roofs limits each part: convolutions compute while norms wait for memory.
    (Duration Compute, Duration Move, Duration Dispatch) Terms(TimedStep step)
    {
        Duration computing = default, moving = default;
        foreach (var part in step.Parts)
        {
            var compute = part.Work / (step.Peak * Efficiency);
            var move = part.Traffic * Traffic / step.Bandwidth;
            if (compute > move) computing += compute;
            else moving += move;
        }
        return (computing, moving, PerCall * step.Calls);
    }

    static StepTerm Largest(double compute, double move, double dispatch) =>
        dispatch > compute && dispatch > move ? StepTerm.Dispatch : move > compute ? StepTerm.Bandwidth : StepTerm.Compute;
}
