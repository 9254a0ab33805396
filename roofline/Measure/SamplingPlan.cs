namespace MlPerfEdu.Roofline.Measure;

/// <summary>How long a workload's steps are sampled.</summary>
public sealed record SamplingPlan
{
    public int WarmUpSteps { get; init; } = 5;

    /// <summary>Rounds of calibration and steps before the first look; fewer than 8 give no interval at the default confidence.</summary>
    public int MinimumRounds { get; init; } = 12;

    /// <summary>Steps of one round fill about this long, but are at least one.</summary>
    public double RoundSeconds { get; init; } = 0.05;

    public int MaximumStepsPerRound { get; init; } = 20;

    /// <summary>After this long what is not decided stays undecided.</summary>
    public double BudgetSeconds { get; init; } = 12;

    /// <summary>High, because the samples are looked at again and again until they decide.</summary>
    public double Confidence { get; init; } = 0.99;

    /// <summary>Steps shorter than this notice that the calibration emptied the cache: one goes unmeasured after it.</summary>
    public double SettleBelowSeconds { get; init; } = 0.02;
}
