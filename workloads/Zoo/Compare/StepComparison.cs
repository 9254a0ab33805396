namespace MlPerfEdu.Zoo;

/// <summary>One step, predicted without and with what the other steps teach.</summary>
/// <param name="HeldOut">Fitted to all steps but this one.</param>
/// <param name="Longest">What takes the step's time.</param>
/// <param name="Explains">What the usual heuristics had wrong most.</param>
public sealed record ComparedStep(TimedStep Step, Duration Before, Duration After, StepHeuristics HeldOut, StepTerm Longest,
    StepTerm Explains)
{
    public double ErrorBefore => Math.Abs((Before / Step.Time) - 1);

    public double ErrorAfter => Math.Abs((After / Step.Time) - 1);
}

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
