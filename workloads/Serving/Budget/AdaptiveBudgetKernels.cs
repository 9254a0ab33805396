using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Budget;

[Kernels("adaptive-budget")]
public sealed class AdaptiveBudgetKernels : IKernels
{
    static readonly BudgetRules Rules = new();

    public IEnumerable<Kernel> Kernels()
    {
        var budget = new AdaptiveBudget(Rules);
        yield return new("step-180ms", () => budget.Step(180));
        yield return new("step-100ms", () => budget.Step(100));
    }

    public IEnumerable<Invariant> Invariants()
    {
        // 2304 − (0.1 · 30 + 0.01 · 30)
        var first = new AdaptiveBudget(Rules);
        var decision = first.Step(180);
        yield return Invariant.AtMost("the first step is the original's", Math.Abs(first.Budget - 2300.7), 1e-9);
        yield return Invariant.None("and its decision too",
            decision is { Tokens: 2301, Mode: Mode.Balanced } && Math.Abs(decision.Skip - 0.1) < 1e-12 ? 0 : 1);
        yield return Invariant.None("no latency leads the budget out of its range", OutOfRange(new(24)));
        var (ours, original) = (Recovery(windsUp: false), Recovery(windsUp: true));
        yield return new("leaves a limit with the first latency below the target", ours == 1, $"{ours} steps");
        yield return new("where the original stays for some 700", original is > 650 and < 750, $"{original} steps");
        yield return Invariant.AtMost("holds the target of a system whose latency is in proportion to the budget", Settled(), 0.5);
    }

    static int OutOfRange(RandomData random)
    {
        var budget = new AdaptiveBudget(Rules);
        return Enumerable.Range(0, 10_000).Select(_ => budget.Step(1000 * random.Share() * random.Share()))
            .Count(decision => decision.Tokens < Rules.FewestTokens || decision.Tokens > Rules.MostTokens || decision.Skip is < 0 or > 0.5);
    }

    // Steps until the budget rises from its floor, after a long time above the target.
    static int Recovery(bool windsUp)
    {
        var budget = new AdaptiveBudget(Rules, windsUp);
        for (var step = 0; step < 5000; step++)
            budget.Step(180);
        var steps = 0;
        do
        {
            budget.Step(100);
            steps++;
        }
        while (budget.Budget <= Rules.FewestTokens && steps < 10_000);
        return steps;
    }

    static double Settled()
    {
        var budget = new AdaptiveBudget(Rules with { Proportional = 2, Integral = 0.05 });
        var latency = 0.0;
        for (var step = 0; step < 2000; step++)
            budget.Step(latency = budget.Budget / 20);
        return Math.Abs(latency - Rules.Target);
    }
}
