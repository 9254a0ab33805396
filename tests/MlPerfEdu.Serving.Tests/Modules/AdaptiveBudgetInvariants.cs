using MlPerfEdu.Serving.Budget;
using static MlPerfEdu.Serving.Budget.AdaptiveBudgetKernels;

namespace MlPerfEdu.Serving.Tests.Modules;

[InvariantsOf("adaptive-budget")]
sealed class AdaptiveBudgetInvariants : IInvariants
{
    public IEnumerable<KernelInvariant> Invariants()
    {
        // 2304 − (0.1 · 30 + 0.01 · 30)
        var first = new AdaptiveBudget(Rules);
        var decision = first.Step(180);
        yield return KernelInvariant.AtMost("the first step is the original's", Math.Abs(first.Budget - 2300.7), 1e-9);
        yield return KernelInvariant.True("and its decision too",
            decision is { Tokens: 2301, Mode: Mode.Balanced } && Math.Abs(decision.Skip - 0.1) < 1e-12);
        var (random, budget) = (new RandomData(24), new AdaptiveBudget(Rules));
        yield return KernelInvariant.True("no latency leads the budget out of its range", 10_000, () =>
            budget.Step(1000 * random.Share() * random.Share()) is { Tokens: var tokens, Skip: >= 0 and <= 0.5 }
            && tokens >= Rules.FewestTokens && tokens <= Rules.MostTokens);
        var (ours, original) = (Recovery(windsUp: false), Recovery(windsUp: true));
        yield return new("leaves a limit with the first latency below the target", ours == 1, $"{ours} steps");
        yield return new("where the original stays for some 700", original is > 650 and < 750, $"{original} steps");
        yield return KernelInvariant.AtMost("holds the target of a system whose latency is in proportion to the budget", Settled(), 0.5);
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
