namespace MlPerfEdu.Serving.Budget;

public enum Mode
{
    Quality,
    Balanced,
    Performance,
}

/// <summary>What a step of the controller decides.</summary>
/// <param name="Tokens">Of the cache that a request may keep.</param>
/// <param name="Skip">The part of the layers that may be left out.</param>
public readonly record struct Decision(int Tokens, double Skip, Mode Mode);

/// <summary>What the controller holds on to.</summary>
/// <param name="Target">Milliseconds.</param>
/// <param name="Proportional">Tokens per millisecond above the target.</param>
/// <param name="Integral">Tokens per millisecond and step.</param>
public sealed record BudgetRules(
    double Target = 150, int FewestTokens = 512, int MostTokens = 4096, double Proportional = 0.1, double Integral = 0.01,
    double MostSkip = 0.5);

/// <summary>
/// Keeps latency at a target by giving requests fewer or more tokens of the cache: a controller with a proportional and an integral part.
/// Where the error pushes the budget against a limit, the integral is forgotten; it would otherwise grow all that time and then hold the
/// budget at the limit for as long again, which is called wind-up.
/// </summary>
public sealed class AdaptiveBudget
{
    readonly BudgetRules _rules;
    readonly bool _windsUp;

    /// <param name="windsUp">As the original does: the integral goes on at the limits, up to a clamp.</param>
    public AdaptiveBudget(BudgetRules rules, bool windsUp = false)
    {
        if (!(rules.Target > 0 && double.IsFinite(rules.Target)))
            throw ServingErrors.OutOfRange("a target of", rules.Target, "milliseconds above 0");
        if (rules.FewestTokens < 1 || rules.MostTokens <= rules.FewestTokens)
            throw ServingErrors.OutOfRange("tokens", $"{rules.FewestTokens} to {rules.MostTokens}", "a range that begins at 1 or more");
        if (!(rules.Proportional >= 0 && rules.Integral >= 0 && double.IsFinite(rules.Proportional + rules.Integral)))
            throw ServingErrors.OutOfRange("gains", $"{rules.Proportional} and {rules.Integral}", "0 or more");
        if (!(rules.MostSkip is >= 0 and <= 1))
            throw ServingErrors.OutOfRange("a largest skip of", rules.MostSkip, "0 to 1");
        (_rules, _windsUp) = (rules, windsUp);
        Budget = (rules.FewestTokens + rules.MostTokens) / 2.0;
    }

    /// <summary>In tokens, before it is rounded.</summary>
    public double Budget { get; private set; }

    public double Integral { get; private set; }

    public long Steps { get; private set; }

    /// <param name="latency">Milliseconds.</param>
    public Decision Step(double latency)
    {
        if (!(latency >= 0 && double.IsFinite(latency)))
            throw ServingErrors.OutOfRange("a latency of", latency, "milliseconds, 0 or more");
        var error = latency - _rules.Target;
        var most = 10.0 * (_rules.MostTokens - _rules.FewestTokens);
        var integral = Math.Clamp(Integral + error, -most, most);
        var wanted = Budget - (_rules.Proportional * error + _rules.Integral * integral);
        Budget = Math.Clamp(wanted, _rules.FewestTokens, _rules.MostTokens);
        var pushesAgainstLimit = Budget > wanted ? error > 0 : Budget < wanted && error < 0;
        Integral = pushesAgainstLimit && !_windsUp ? 0 : integral;
        Steps++;
        var skip = Math.Clamp((latency / _rules.Target - 1) * _rules.MostSkip, 0, _rules.MostSkip);
        return new((int)Math.Round(Budget), skip, ModeOf(latency));
    }

    Mode ModeOf(double latency) => latency > 1.2 * _rules.Target ? Mode.Performance
        : latency < 0.8 * _rules.Target ? Mode.Quality
        : Mode.Balanced;
}
