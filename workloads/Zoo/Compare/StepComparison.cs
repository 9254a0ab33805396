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
