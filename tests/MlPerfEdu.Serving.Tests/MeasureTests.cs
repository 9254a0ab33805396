using MlPerfEdu.Catalog;
using MlPerfEdu.Serving.Measure;

namespace MlPerfEdu.Serving.Tests;

[Trait("Suite", "serving")]
public class MeasureTests
{
    [Fact]
    public void A_call_takes_as_long_as_the_clock_says()
    {
        var calls = 0;
        var latency = Measured(() => 2e-3 * (++calls % 2 + 1));

        Assert.Equal(2e-3, latency.Min, 9);
        Assert.Equal(4e-3, latency.P95, 9);
        Assert.InRange(latency.Median, latency.Min, latency.P95);
        Assert.Equal(1, latency.CallsPerSample);
        Assert.True(calls > 10 * latency.Undisturbed.Count, "nothing was called to warm up");
    }

    [Fact]
    public void Of_two_measurements_of_the_roofs_the_higher_of_each_counts()
    {
        Roofs one = new(50e9, [new("L1", 1000, 90e9), new("L2", 9000, 30e9)]), another = new(40e9, [new("L1", 1000, 80e9), new("L2", 9000, 60e9)]);
        var both = one.Or(another);
        Assert.Equal(50e9, both.FlopsPerSecond);
        Assert.Equal([90e9, 60e9], both.Levels.Select(level => level.BytesPerSecond));
        Assert.Equal(0.5, both.ShareOf(flops: 25e9, bytes: null, seconds: 1));
        Assert.Equal(0.25, both.ShareOf(flops: null, bytes: 5000, seconds: 5000 / 15e9)!.Value, 1e-9);
    }

    [Fact]
    public void Figures_are_those_of_the_least_disturbed_round()
    {
        var latency = new Latency([[20e-3, 21e-3, 1e-3], [5e-3, 6e-3, 9e-3], [40e-3, 41e-3, 42e-3]], 1);

        Assert.Equal(latency.Rounds[1], latency.Undisturbed);
        Assert.Equal((6e-3, 9e-3, 1e-3), (latency.Median, latency.P95, latency.Min));
    }

    [Fact]
    public void A_round_lasts_its_share_of_the_time_or_of_the_samples()
    {
        Assert.Equal(0.6 / LatencyMeter.Rounds / 2e-3, Measured(() => 2e-3).Undisturbed.Count, 9);
        Assert.Equal(3000 / LatencyMeter.Rounds, Measured(() => 100e-9).Undisturbed.Count);
    }

    [Fact]
    public void Warming_up_goes_on_while_rounds_become_faster()
    {
        var calls = 0;
        // Ten milliseconds at first, and a tenth less every hundred calls until one is left.
        var latency = Measured(() => Math.Max(10e-3 * Math.Pow(0.9, calls++ / 100), 1e-3));

        Assert.Equal(1e-3, latency.Rounds[0].Max(), 9);
    }

    [Fact]
    public void A_short_call_is_timed_in_batches_long_enough_for_the_clock()
    {
        var latency = Measured(() => 100e-9);

        Assert.InRange(latency.CallsPerSample, 200, 201);
        Assert.Equal(100e-9, latency.Median, 12);
    }

    [Fact]
    public void The_table_counts_a_row_as_fast_when_all_its_timed_configurations_are()
    {
        KernelModule module = new()
        {
            Id = "m", Name = "M", Does = "", Line = 1,
            Rows =
            [
                new(1, "a", "", 100, null, 1), new(2, "b", "", 100, null, 2), new(2, "b-long", "", 100, "Long.", 3),
                new(3, "c", "", null, null, 4), new(4, "d", "", 100, null, 5),
            ],
        };
        var evidence = new KernelEvidence("m", "2026-01-31T12-00-00Z", "a processor", new(1e9, [new("L1", 1 << 15, 1e9)]),
            [Row(1, "a", 8e-6), Row(2, "b", 5e-6), Row(2, "b-long", 50e-6), Row(3, "c", 1e-6)]);
        var table = new KernelTable([module], _ => evidence);
        Assert.Equal((2, 1), (table.Ahead(1), table.Ahead(10)));
        Assert.Equal("m", Assert.Single(table.Missing));
        Assert.Contains("* Row 2, `b-long`: Long.", table.Markdown());
        // 1000 FLOP in 8 µs, of 1 GFLOP/s.
        Assert.Contains("12.5 %", table.Markdown().Split('\n').Single(line => line.Contains("| a ")));
    }

    [Fact]
    public void An_interpreter_that_is_not_there_is_told() => Assert.Null(OriginalProcess.Start("no-such-python", "original.py"));

    [Fact]
    public void Exponentials_are_those_of_the_library()
    {
        var worst = 0.0;
        for (var from = -100f; from < 90; from += 0.37f)
        {
            var values = Enumerable.Range(0, 21).Select(index => from + index * 0.017f).ToArray();
            float[] found = [.. values];
            Simd.ExpAndSum(found, 0);
            worst = Math.Max(worst, values.Zip(found, RelativeDifference).Max());
        }
        Assert.InRange(worst, 0, 3e-7);
    }

    /// <summary>One round of a call that takes as long as it is told, on a clock that stands still otherwise.</summary>
    static Latency Measured(Func<double> seconds)
    {
        var clock = new CallClock();
        var samples = new LatencyMeter { Clock = clock }.Start(new("call", () => clock.Nanoseconds += (long)Math.Round(1e9 * seconds())));
        samples.Add();
        return samples.Latency;
    }

    // What would be subnormal is zero, and what is too large stays near the largest.
    static double RelativeDifference(float x, float found) => Math.Exp(x) switch
    {
        < 1.2e-38 => found,
        > 0.9999 * float.MaxValue => found is > 0.9999f * float.MaxValue and <= float.MaxValue ? 0 : 1,
        var expected => Math.Abs(found - expected) / expected,
    };

    static RowEvidence Row(int row, string operation, double seconds) =>
        new(row, operation, null, 1000, null, 1, 1, seconds, seconds, seconds, null, null, [seconds], []);

    sealed class CallClock : TimeProvider
    {
        public long Nanoseconds { get; set; }

        public override long TimestampFrequency => 1_000_000_000;

        public override long GetTimestamp() => Nanoseconds;
    }
}
