using MlPerfEdu.Engine.LoadGen;
using MlPerfEdu.Roofline.Load;

namespace MlPerfEdu.Workloads.Tests.LoadGen;

public class LoadGeneratorTests
{
    [Fact]
    public void Arrivals_are_those_of_the_reference_to_the_nanosecond()
    {
        var (answers, _) = Loads.Run(Loads.Of(LoadScenario.Server) with { Seconds = 2 }, 1);
        Assert.Equal(1036, answers.Count);
        Assert.Equal(0, answers[0].Scheduled);
        Assert.Equal(2_005_010_103, answers[^1].Scheduled);
    }

    /// <summary>A slow system: every query arrives while earlier ones wait, and its wait counts from its arrival.</summary>
    [Fact]
    public void A_query_waits_from_when_it_was_due()
    {
        var (answers, _) = Loads.Run(Loads.Of(LoadScenario.Server), 10 * Loads.Millisecond);
        foreach (var answer in answers)
        {
            Assert.Equal((answer.Query + 1) * 10 * Loads.Millisecond, answer.Completed);
            Assert.Equal(answer.Completed - answer.Scheduled, answer.Latency);
        }

        Assert.True(answers[^1].Latency > 500 * Loads.Millisecond);
    }

    /// <summary>A sender that is late does not make a system faster.</summary>
    [Fact]
    public void A_latency_counts_from_the_schedule_and_not_from_when_its_query_was_sent()
    {
        var time = new VirtualTime { Lateness = 7 * Loads.Millisecond };
        var settings = Loads.Of(LoadScenario.Server) with { TargetRate = 0.001 };
        var answers = new LoadGenerator(settings, time).Run(new OneByOne(new FixedSystem(time, Loads.Millisecond)), _ => { });
        Assert.Equal(0, answers[0].Scheduled);
        Assert.All(answers, answer => Assert.Equal(8 * Loads.Millisecond, answer.Latency));
        Assert.Equal(0.007, LoadFigures.Of(settings, answers)["issue_delay_max"], 9);
    }

    [Fact]
    public void A_fast_server_is_asked_when_queries_are_due_and_not_before()
    {
        var (answers, _) = Loads.Run(Loads.Of(LoadScenario.Server) with { TargetRate = 0.001 }, Loads.Millisecond);
        Assert.All(answers, answer => Assert.Equal(Loads.Millisecond, answer.Latency));
    }

    [Fact]
    public void A_stream_sends_the_next_query_when_the_last_is_answered()
    {
        var (answers, _) = Loads.Run(Loads.Of(LoadScenario.SingleStream), 3 * Loads.Millisecond);
        Assert.Equal(100, answers.Count);
        Assert.All(answers, answer => Assert.Equal(answer.Query * 3 * Loads.Millisecond, answer.Scheduled));
    }

    [Fact]
    public void A_stream_goes_on_until_its_last_query_was_issued_late_enough()
    {
        var (answers, _) = Loads.Run(Loads.Of(LoadScenario.SingleStream) with { Seconds = 1 }, 3 * Loads.Millisecond);
        Assert.Equal(1_002 * Loads.Millisecond, answers[^1].Scheduled);
    }

    [Fact]
    public void A_multi_stream_query_is_answered_with_its_last_sample()
    {
        var (answers, _) = Loads.Run(Loads.Of(LoadScenario.MultiStream), Loads.Millisecond);
        Assert.Equal(800, answers.Count);
        Assert.All(LoadFigures.QueryLatencies(answers), latency => Assert.Equal(8 * Loads.Millisecond, latency));
    }

    [Fact]
    public void Offline_is_one_query_due_at_the_start()
    {
        var (answers, _) = Loads.Run(Loads.Of(LoadScenario.Offline), Loads.Millisecond);
        Assert.All(answers, answer => Assert.Equal((0, 0L), (answer.Query, answer.Scheduled)));
        Assert.Equal(1000, LoadFigures.Of(Loads.Of(LoadScenario.Offline), answers)["samples_per_second"], 6);
    }

    /// <summary>Each step gives all that have arrived their next token, so nobody waits for another's answer.</summary>
    [Fact]
    public void Who_arrives_while_others_are_answered_joins_them_at_the_next_step()
    {
        var time = new VirtualTime();
        var settings = Loads.Of(LoadScenario.Server) with { TargetRate = 100 };
        var answers = new LoadGenerator(settings, time).Run(new StepwiseSystem(time, 10 * Loads.Millisecond, tokens: 5), _ => { });
        Assert.Equal(100, answers.Count);
        Assert.Equal(Enumerable.Range(0, 100), answers.Select(answer => answer.Query));
        // One by one they would take five steps each at two arrivals a step.
        Assert.All(answers, answer => Assert.InRange(answer.Latency, 50 * Loads.Millisecond, 60 * Loads.Millisecond));
        Assert.All(answers, answer => Assert.Equal(answer.Scheduled, answer.Issued));
    }

    [Fact]
    public void Offline_a_batching_system_gets_all_samples_at_once()
    {
        var time = new VirtualTime();
        var answers = new LoadGenerator(Loads.Of(LoadScenario.Offline), time).Run(new StepwiseSystem(time, Loads.Millisecond, tokens: 3), _ => { });
        Assert.All(answers, answer => Assert.Equal(3 * Loads.Millisecond, answer.Latency));
    }

    /// <summary>By the real clock, whose queries come from a thread of their own.</summary>
    [Fact]
    public void Queries_are_sent_while_the_system_answers()
    {
        var settings = Loads.Of(LoadScenario.Server) with { Queries = 20, TargetRate = 1000 };
        var answers = new LoadGenerator(settings, new SystemQueryClock()).Run(new OneByOne(new SleepySystem()), _ => { });
        Assert.Equal(20, answers.Count);
        Assert.True(answers.Count(answer => answer.Issued < answers[0].Completed) > 1, "one query at a time was sent");
        Assert.All(answers, answer => Assert.InRange(answer.Scheduled, 0, answer.Issued!.Value));
    }

    [Fact]
    public void A_stopped_server_stops_waiting_for_queries()
    {
        using var stop = new CancellationTokenSource();
        var settings = Loads.Of(LoadScenario.Server) with { TargetRate = 1e-6 };
        Assert.ThrowsAny<OperationCanceledException>(() => new LoadGenerator(settings, new SystemQueryClock())
            .Run(new OneByOne(new SleepySystem()), _ => stop.CancelAfter(20), stop.Token));
    }

    [Fact]
    public void A_stopped_run_answers_no_further_query()
    {
        using var stop = new CancellationTokenSource();
        var time = new VirtualTime();
        var system = new FixedSystem(time, 1);
        var generator = new LoadGenerator(Loads.Of(LoadScenario.SingleStream), time);
        Assert.Throws<OperationCanceledException>(() => generator.Run(new OneByOne(system), done => { if (done == 3) stop.Cancel(); }, stop.Token));
        Assert.Equal(3, system.Asked.Count);
    }
}
