using MlPerfEdu.Serving.Budget;
using MlPerfEdu.Serving.Healing;
using MlPerfEdu.Serving.Perplexity;
using MlPerfEdu.Serving.Placement;
using MlPerfEdu.Serving.Prefixes;
using MlPerfEdu.Serving.Scheduling;
using MlPerfEdu.Serving.SpecBench;
using MlPerfEdu.Serving.Tools;

namespace MlPerfEdu.Serving.Tests;

/// <summary>What keeps books refuses unknown ids, no room and nothing at all, and its books stay as they were.</summary>
[Trait("Suite", "serving")]
public class BadInputToServerPartsTests
{
    [Fact]
    public void A_pool_refuses_empty_prompts()
    {
        var pool = new PrefixPool<string>(1);
        pool.Put([1, 2], "kept");
        Fails("MLP4005", () => pool.Put([], "lost"));
        Fails("MLP4005", () => pool.TryGet([], out _));
        Fails("MLP4005", () => pool.TryGetLongest([], out _));
        Fails("MLP4006", () => new PrefixPool<string>(0));
        Assert.Equal((1, 0, 0, 0), (pool.Count, pool.Hits, pool.Misses, pool.Evictions));
        Assert.True(pool.TryGet([1, 2], out var value));
        Assert.Equal("kept", value);
    }

    [Fact]
    public void Healing_refuses_unknown_tokens_and_too_little_room()
    {
        var healer = new TokenHealer(["a", "ab"]);
        Fails("MLP4004", () => healer.FindOverlap([0, 2]));
        Fails("MLP4004", () => healer.Heal([0], [-1], new int[9]));
        Fails("MLP4001", () => healer.Heal([1], [1], new int[1]));
        Fails("MLP4004", () => healer.Candidates([7]));
        Fails("MLP4005", () => new TokenHealer([]));
        Fails("MLP4005", () => new TokenHealer(["a", ""]));
        Fails("MLP4006", () => new TokenHealer(["a"], 0));
        Assert.Equal((1, "a"), (healer.FindOverlap([0]), healer.Text([0])));
    }

    [Fact]
    public void A_batcher_refuses_requests_that_it_cannot_serve_and_loses_none()
    {
        var batcher = new ContinuousBatcher(1, 10);
        Fails("MLP4006", () => batcher.Submit(1, 0, 1));
        Fails("MLP4006", () => batcher.Submit(1, 1, 0));
        Fails("MLP4006", () => batcher.Submit(1, 6, 5));
        Fails("MLP4006", () => batcher.Submit(1, int.MaxValue, int.MaxValue));
        batcher.Submit(1, 5, 5);
        batcher.Submit(2, 5, 5);
        Fails("MLP4007", () => batcher.Submit(1, 5, 5));
        Fails("MLP4006", () => batcher.Complete(1, 0));
        Assert.Equal([1], batcher.Step());
        Fails("MLP4006", () => batcher.Preempt(2));
        Fails("MLP4006", () => batcher.Forget(1));
        Fails("MLP4004", () => batcher.Complete(3, 0));
        Fails("MLP4004", () => batcher.Generated(3).ToArray());
        Fails("MLP4004", () => batcher.Forget(3));
        Assert.Equal((1, 1, 0), (batcher.Count(RequestState.Running), batcher.Count(RequestState.Waiting), batcher.Tokens));
        Assert.Equal([1], batcher.Step());
    }

    [Fact]
    public void Logs_refuse_records_that_say_nothing()
    {
        var profiler = new PlacementProfiler(2);
        Fails("MLP4006", () => profiler.Add("a", [0, 2], ElementType.Float16, 1));
        Fails("MLP4006", () => profiler.Add("a", [2], ElementType.Float16, double.NaN));
        Fails("MLP4004", () => profiler.Add("a", [2], (ElementType)9, 1));
        Fails("MLP4004", () => profiler.Of("a"));
        Assert.Equal(default, profiler.Summarise());

        var tracker = new PerplexityTracker(2, 3, 1, 2);
        Fails("MLP4005", () => tracker.Record([], []));
        Fails("MLP4001", () => tracker.Record([1, 2], [0, 1]));
        Fails("MLP4004", () => tracker.Record([1, 2], [2]));
        Fails("MLP4002", () => tracker.Record([1, float.NaN], [0]));
        Fails("MLP4006", () => new PerplexityTracker(2, 3, 1, 1));
        Fails("MLP4006", () => new PerplexityTracker(2, 3, 0.5, 2));
        Assert.True(double.IsNaN(tracker.Perplexity) && double.IsNaN(tracker.Recent) && !tracker.IsDegraded);
        tracker.Record([0, 9], [0]);
        Assert.Single(tracker.Alerts);
        tracker.Reset();
        Assert.Equal((0, 0, 2, 0), (tracker.Steps, tracker.Tokens, tracker.Bound, tracker.Alerts.Count));
    }

    [Fact]
    public void A_budget_refuses_latencies_that_are_none()
    {
        var budget = new AdaptiveBudget(new());
        Fails("MLP4006", () => budget.Step(double.NaN));
        Fails("MLP4006", () => budget.Step(-1));
        Assert.Equal((2304, 0, 0), (budget.Budget, budget.Integral, budget.Steps));
        Fails("MLP4006", () => new AdaptiveBudget(new(Target: 0)));
        Fails("MLP4006", () => new AdaptiveBudget(new(FewestTokens: 9, MostTokens: 9)));
        Fails("MLP4006", () => new AdaptiveBudget(new(Proportional: -1)));
        Fails("MLP4006", () => new AdaptiveBudget(new(MostSkip: 2)));
    }

    [Fact]
    public void Tools_refuse_another_tool_of_the_same_name()
    {
        var schemas = new ToolSchemaCache(1);
        schemas.Register(new("a", []));
        Fails("MLP4007", () => schemas.Register(new("a", [new("x", ParameterType.Text)])));
        Fails("MLP4003", () => schemas.Register(new("b", [])));
        Fails("MLP4004", () => schemas.Get("b"));
        Fails("MLP4007", () => new ToolSchema("a", [new("x", ParameterType.Text), new("x", ParameterType.Number)]));
        Fails("MLP4005", () => new ToolSchema("", []));
        var router = new ToolRouter<int>(schemas);
        Fails("MLP4004", () => router.Handle("b", _ => 0));
        Fails("MLP4004", () => router.Route("a", new Dictionary<string, object?>()));
        router.Handle("a", _ => 1);
        Fails("MLP4007", () => router.Handle("a", _ => 2));
        Assert.Equal(1, router.Route("a", new Dictionary<string, object?>()));
        Assert.Empty(schemas.Get("a").Parameters);
    }

    [Fact]
    public void A_benchmark_refuses_tasks_without_prompts()
    {
        Fails("MLP4006", () => new SpeculationBench(new Nobody(), 0));
        Fails("MLP4005", () => new SpeculationBench(new Nobody(), 1).Run(new SpecTask("none", [])));
        Fails("MLP4005", () => new SpeculationBench(new Nobody(), 1).Run([]));
    }

    static void Fails(string code, Action call) => Assert.Equal(code, Assert.Throws<KernelException>(call).Code);

    static void Fails(string code, Func<object> make) => Assert.Equal(code, Assert.Throws<KernelException>(make).Code);

    sealed class Nobody : ISpeculator
    {
        public void Draft(string prompt, Span<int> proposed) => throw new InvalidOperationException("Nobody asks.");

        public void Verify(string prompt, ReadOnlySpan<int> proposed, Span<bool> agrees) =>
            throw new InvalidOperationException("Nobody asks.");
    }
}
