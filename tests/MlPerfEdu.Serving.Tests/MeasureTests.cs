using MlPerfEdu.Generator;
using MlPerfEdu.Serving.Measure;
using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Tests;

[Trait("Suite", "serving")]
public class MeasureTests
{
    [Fact]
    public void A_call_takes_as_long_as_it_waits()
    {
        var calls = 0;
        var samples = new LatencyMeter { SampleSeconds = 0.05 }.Start(new("wait", () =>
        {
            Thread.Sleep(2);
            calls++;
        }));
        samples.Add();
        var latency = samples.Latency;
        Assert.InRange(latency.Min, 1.9e-3, latency.Median);
        Assert.InRange(latency.Median, latency.Min, latency.P95);
        Assert.Equal(1, latency.CallsPerSample);
        Assert.True(calls > latency.Undisturbed.Count, "nothing was called to warm up");
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
        var milliseconds = 20;
        var samples = new LatencyMeter { SampleSeconds = 0.3 }.Start(new("wait", () => Thread.Sleep(milliseconds)));
        foreach (var wait in new[] { 20, 5, 40 })
        {
            milliseconds = wait;
            samples.Add();
        }
        var latency = samples.Latency;
        Assert.Equal(3, latency.Rounds.Count);
        Assert.All(latency.Rounds[2], seconds => Assert.InRange(seconds, 39e-3, 10));
        Assert.Equal(latency.Rounds[1], latency.Undisturbed);
        Assert.InRange(latency.Median, 4.9e-3, 19e-3);
        Assert.InRange(latency.P95, latency.Median, latency.Rounds[1].Max());
    }

    [Fact]
    public void A_short_call_is_timed_in_batches_long_enough_for_the_clock()
    {
        var samples = new LatencyMeter { SampleSeconds = 0.05 }.Start(new("nothing", () => { }));
        samples.Add();
        var latency = samples.Latency;
        Assert.InRange(latency.CallsPerSample, 100, int.MaxValue);
        Assert.InRange(latency.Median, 1e-11, 1e-7);
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

    // What would be subnormal is zero, and what is too large stays near the largest.
    static double RelativeDifference(float x, float found) => Math.Exp(x) switch
    {
        < 1.2e-38 => found,
        > 0.9999 * float.MaxValue => found is > 0.9999f * float.MaxValue and <= float.MaxValue ? 0 : 1,
        var expected => Math.Abs(found - expected) / expected,
    };

    static RowEvidence Row(int row, string operation, double seconds) =>
        new(row, operation, null, 1000, null, 1, 1, seconds, seconds, seconds, null, null, [seconds], []);
}
