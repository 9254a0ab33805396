namespace MlPerfEdu.Zoo;

/// <summary>Predicted against measured, each step by a fit that never saw it.</summary>
public sealed record StepComparison(IReadOnlyList<ComparedStep> Steps, StepHeuristics FittedToAll)
{
    /// <summary>Of the absolute errors; absent without a step.</summary>
    public double? MedianBefore => Median([.. Steps.Select(step => step.ErrorBefore)]);
    public double? MedianAfter => Median([.. Steps.Select(step => step.ErrorAfter)]);

    public static StepComparison Of(IReadOnlyList<TimedStep> steps) =>
        new([.. steps.Select(step => Compare(step, steps))], StepFit.To(steps));

    static ComparedStep Compare(TimedStep step, IReadOnlyList<TimedStep> steps)
    {
        var usual = StepHeuristics.Usual;
        var heldOut = StepFit.To([.. steps.Where(other => other != step)]);
        return new(step, usual.Predict(step), heldOut.Predict(step), heldOut, heldOut.Longest(step), heldOut.MostChanged(step, usual));
    }

    static double? Median(List<double> values)
    {
        values.Sort();
        var half = values.Count / 2;
        return values.Count == 0 ? null : values.Count % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
    }
}

/// <summary>One step, predicted before and after fitting to the other steps.</summary>
/// <param name="HeldOut">Fitted to all steps but this one.</param>
/// <param name="Longest">The largest term of the prediction.</param>
/// <param name="Explains">The term that the usual heuristics had most wrong.</param>
public sealed record ComparedStep(
    TimedStep Step, Duration Before, Duration After, StepHeuristics HeldOut, StepTerm Longest, StepTerm Explains)
{
    public double ErrorBefore => Math.Abs((Before / Step.Time) - 1);
    public double ErrorAfter => Math.Abs((After / Step.Time) - 1);
}

/// <summary>Finds the heuristics that predict measured steps best.</summary>
public static class StepFit
{
    // Before anything is measured a constant is known to a factor of two, and roofs tell a step's time to a quarter.
    // Where few steps depend on a constant, it stays near its usual value.
    static readonly double Pull = Math.Pow(Math.Log(1.25) / Math.Log(2), 2);

    const double Coarse = 8, Fine = 1.0001;

    /// <summary>Least squares of logarithms, so that a step of 1 ms counts as much as one of 1 s. Deterministic.</summary>
    public static StepHeuristics To(IReadOnlyCollection<TimedStep> steps)
    {
        var best = StepHeuristics.Usual;
        // The longer of two roofs leaves valleys, so the search begins from several places.
        foreach (var efficiency in new[] { 0.05, 0.2, 0.8 })
            foreach (var traffic in new[] { 0.25, 1, 4 })
                foreach (var perCall in new[] { 1e-6, 1e-5, 1e-4 })
                    best = Better(best, Descend(new(efficiency, traffic, new(perCall)), steps), steps);
        return best;
    }

    // Along one constant at a time, in steps that shrink once none of them helps.
    static StepHeuristics Descend(StepHeuristics at, IReadOnlyCollection<TimedStep> steps)
    {
        for (var factor = Coarse; factor > Fine; factor = Math.Sqrt(factor))
        {
            StepHeuristics before;
            do
            {
                before = at;
                foreach (var by in new[] { factor, 1 / factor })
                {
                    at = Better(at, at with { Efficiency = Math.Min(1, at.Efficiency * by) }, steps);
                    at = Better(at, at with { Traffic = at.Traffic * by }, steps);
                    at = Better(at, at with { PerCall = at.PerCall * by }, steps);
                }
            }
            while (at != before);
        }
        return at;
    }

    static StepHeuristics Better(StepHeuristics a, StepHeuristics b, IReadOnlyCollection<TimedStep> steps) =>
        Loss(b, steps) < Loss(a, steps) ? b : a;

    static double Loss(StepHeuristics at, IReadOnlyCollection<TimedStep> steps)
    {
        var usual = StepHeuristics.Usual;
        return steps.Sum(step => Squared(at.Ratio(step)))
            + (Pull * (Squared(at.Efficiency / usual.Efficiency) + Squared(at.Traffic / usual.Traffic)
                + Squared(at.PerCall / usual.PerCall)));
    }

    static double Squared(double ratio) => Math.Pow(Math.Log(ratio), 2);
}

/// <summary>A training step as it was counted and timed, and the machine as it was at that time.</summary>
/// <param name="Parts">What runs one after the other, each under its own roof.</param>
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
