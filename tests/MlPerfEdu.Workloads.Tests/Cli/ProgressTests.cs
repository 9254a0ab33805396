using MlPerfEdu.Cli.Output;

namespace MlPerfEdu.Workloads.Tests.Cli;

public class ProgressTests
{
    [Fact]
    public void Off_a_terminal_a_line_soon_and_every_five_seconds_with_the_time_left()
    {
        var clock = new HandClock();
        var error = new StringWriter();
        var reporter = new Reporter(
            new PlainView(new Screen(error, null, isPlain: true), "first-workload", clock).Show, clock, CancellationToken.None);
        for (var second = 0; second <= 12; second++)
        {
            reporter.Report("training", second / 20.0, $"epoch {second}, accuracy 0.5 (target ≥ 0.9)\u001b[31m");
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(
            [
                "first-workload: training 5 %, 19 s left, epoch 1, accuracy 0.5 (target ≥ 0.9)",
                "first-workload: training 30 %, 14 s left, epoch 6, accuracy 0.5 (target ≥ 0.9)",
                "first-workload: training 55 %, 9.0 s left, epoch 11, accuracy 0.5 (target ≥ 0.9)",
            ],
            error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void A_phase_is_told_soon_the_first_time_and_when_a_line_is_due_after_that()
    {
        var clock = new HandClock();
        var error = new StringWriter();
        var view = new PlainView(new Screen(error, null, isPlain: true), "first-workload", clock);
        (string Phase, double Seconds)[] states = [("data", 0), ("data", 1), ("training", 0.5), ("training", 1), ("scoring", 1), ("training", 1), ("scoring", 1), ("peaks", 0.5), ("peaks", 1)];
        foreach (var (phase, seconds) in states)
        {
            clock.Advance(TimeSpan.FromSeconds(seconds));
            view.Show(new(phase, 0, null, ""));
        }

        Assert.Equal("first-workload: data 0 %\nfirst-workload: training 0 %\nfirst-workload: scoring 0 %\nfirst-workload: peaks 0 %\n", error.ToString());
    }

    [Fact]
    public void Each_phase_has_its_own_time_left()
    {
        var clock = new HandClock();
        var remaining = new Remaining(clock);
        Assert.Null(remaining.Of("data", 0));
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(TimeSpan.FromSeconds(10), remaining.Of("data", 0.5));
        Assert.Null(remaining.Of("training", 0));
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.FromSeconds(6), remaining.Of("training", 0.25));
        Assert.Null(remaining.Of("training", 0.1));
    }

    [Theory]
    [InlineData(0.04, "0.0 s")]
    [InlineData(9.96, "10 s")]
    [InlineData(59.4, "59 s")]
    [InlineData(61, "1 min 01 s")]
    [InlineData(3600 * 27, "27 h 00 min")]
    [InlineData(-1, "0.0 s")]
    [InlineData(double.PositiveInfinity, "277777 h 46 min")]
    public void Durations_read_well(double seconds, string expected) => Assert.Equal(expected, DurationText.Of(seconds));

    sealed class HandClock : TimeProvider
    {
        TimeSpan now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => now.Ticks;

        public void Advance(TimeSpan time) => now += time;
    }
}
