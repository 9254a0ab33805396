namespace MlPerfEdu.Serving.Budget;

public enum Mode { Quality, Balanced, Performance }

/// <param name="Tokens">Cache tokens that a request may keep.</param>
/// <param name="Skip">Share of the layers that may be skipped.</param>
public readonly record struct Decision(int Tokens, double Skip, Mode Mode);

/// <param name="Target">Milliseconds.</param>
/// <param name="Proportional">Tokens per millisecond above the target.</param>
/// <param name="Integral">Tokens per millisecond and step.</param>
public sealed record BudgetRules(
    double Target = 150, int FewestTokens = 512, int MostTokens = 4096, double Proportional = 0.1, double Integral = 0.01,
    double MostSkip = 0.5);

/// <summary>Keeps latency at a target by giving requests fewer or more tokens of the cache: a controller with a proportional and an integral part.
/// Where the error pushes the budget against a limit, the integral is reset; otherwise it would wind up, and hold the budget at the limit long
/// after the error is gone.</summary>
public sealed class AdaptiveBudget
{
    readonly BudgetRules rules;
    readonly bool windsUp;

    /// <param name="windsUp">As the original does: the integral goes on at the limits, up to a clamp.</param>
    public AdaptiveBudget(BudgetRules rules, bool windsUp = false)
    {
        Guard.Range(rules.Target > 0 && double.IsFinite(rules.Target), "a target of", rules.Target, "milliseconds above 0");
        Guard.Range(rules.FewestTokens >= 1 && rules.MostTokens > rules.FewestTokens,
            "tokens", $"{rules.FewestTokens} to {rules.MostTokens}", "a range that begins at 1 or more");
        Guard.Range(rules.Proportional >= 0 && rules.Integral >= 0 && double.IsFinite(rules.Proportional + rules.Integral),
            "gains", $"{rules.Proportional} and {rules.Integral}", "0 or more");
        Guard.Range(rules.MostSkip is >= 0 and <= 1, "a largest skip of", rules.MostSkip, "0 to 1");
        (this.rules, this.windsUp) = (rules, windsUp);
        Budget = (rules.FewestTokens + rules.MostTokens) / 2.0;
    }

    /// <summary>Tokens, before rounding.</summary>
    public double Budget { get; private set; }
    public double Integral { get; private set; }
    public long Steps { get; private set; }

    /// <param name="latency">Milliseconds.</param>
    public Decision Step(double latency)
    {
        Guard.Range(latency >= 0 && double.IsFinite(latency), "a latency of", latency, "milliseconds, 0 or more");
        var error = latency - rules.Target;
        var most = 10.0 * (rules.MostTokens - rules.FewestTokens);
        var integral = Math.Clamp(Integral + error, -most, most);
        var wanted = Budget - (rules.Proportional * error + rules.Integral * integral);
        Budget = Math.Clamp(wanted, rules.FewestTokens, rules.MostTokens);
        var pushesAgainstLimit = Budget > wanted ? error > 0 : Budget < wanted && error < 0;
        Integral = pushesAgainstLimit && !windsUp ? 0 : integral;
        Steps++;
        var skip = Math.Clamp((latency / rules.Target - 1) * rules.MostSkip, 0, rules.MostSkip);
        return new((int)Math.Round(Budget), skip, ModeOf(latency));
    }

    Mode ModeOf(double latency) => latency > 1.2 * rules.Target ? Mode.Performance : latency < 0.8 * rules.Target ? Mode.Quality : Mode.Balanced;
}

[Kernels("adaptive-budget")]
public sealed class AdaptiveBudgetKernels : IKernels
{
    internal static readonly BudgetRules Rules = new();

    public IEnumerable<Kernel> Kernels()
    {
        var budget = new AdaptiveBudget(Rules);
        yield return new("step-180ms", () => budget.Step(180));
        yield return new("step-100ms", () => budget.Step(100));
    }
}
