using System.Diagnostics;
using MlPerfEdu.Workloads.Machine.Stories;

namespace MlPerfEdu.Workloads.Tests.Machine;

public class PartClockTests
{
    readonly PartClock clock;
    long now;

    public PartClockTests() => clock = new PartClock(() => now);

    [Fact]
    public void Books_every_moment_once()
    {
        clock.Start();
        Wait(1);
        clock.Time(StepPart.Ffn, Pass.Forward, () => Wait(10));
        Wait(2);
        clock.Time(StepPart.Ffn, Pass.Backward, () => Wait(20));
        clock.Time(StepPart.Ffn, Pass.Backward, () => Wait(5));
        Wait(4);
        var times = clock.Stop();

        Assert.Equal(10, times.Of(StepPart.Ffn, Pass.Forward), 9);
        Assert.Equal(25, times.Of(StepPart.Ffn, Pass.Backward), 9);
        Assert.Equal(7, times.Unattributed, 9);
        Assert.Equal(42, times.Parts.Sum() + times.Unattributed, 9);
    }

    [Fact]
    public void Starts_from_nothing()
    {
        clock.Start();
        clock.Time(StepPart.Data, Pass.Forward, () => Wait(3));
        clock.Stop();
        Wait(100);
        clock.Start();
        var times = clock.Stop();

        Assert.Equal(0, times.Parts.Sum() + times.Unattributed);
    }

    [Fact]
    public void Refuses_a_part_within_a_part()
    {
        clock.Start();
        var error = Assert.Throws<InvalidOperationException>(() => clock.Time(
            StepPart.Norm, Pass.Forward,
            () => clock.Time(StepPart.AttentionCore, Pass.Forward, () => Wait(1))));

        Assert.Contains("attention-core", error.Message, StringComparison.Ordinal);
    }

    void Wait(int seconds) => now += seconds * Stopwatch.Frequency;
}
