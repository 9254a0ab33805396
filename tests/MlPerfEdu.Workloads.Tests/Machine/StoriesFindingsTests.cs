using MlPerfEdu.Workloads.Machine.Stories;

namespace MlPerfEdu.Workloads.Tests.Machine;

public class StoriesFindingsTests
{
    static readonly StoriesSize Size = new(Width: 16, Hidden: 12, Layers: 2, Heads: 4, KeyValueHeads: 2, Vocabulary: 11, Positions: 5);

    [Fact]
    public void Parts_that_sum_to_the_step_leave_no_error()
    {
        var run = Run(Step(seconds: 20, part: 1, between: 4), Step(seconds: 20, part: 1, between: 4));

        Assert.Equal(0, run.SumError, 9);
        Assert.Equal(0.2, run.UnattributedShare, 9);
    }

    [Fact]
    public void Time_that_is_lost_or_counted_twice_is_an_error()
    {
        var whole = Step(seconds: 20, part: 1, between: 4);

        Assert.Equal(0.2, Run(whole, whole, whole with { Seconds = 25 }).SumError, 9);
        Assert.Equal(0.25, Run(whole, whole with { Seconds = 16 }, whole).SumError, 9);
    }

    [Fact]
    public void The_first_step_stands_apart()
    {
        var run = Run(Step(seconds: 1000, part: 1, between: 4), Step(seconds: 20, part: 1, between: 4));

        Assert.Equal((1000, 20, 0), (run.FirstStep, run.MedianStep, Math.Round(run.SumError, 9)));
    }

    [Fact]
    public void The_seed_adds_up_to_174_gflop_and_its_rates_follow()
    {
        var size = StoriesSize.All(SharedRuns.Experiment("stories110m-step").Geometry)[0];
        var seed = SeedSteps.Accounting(size);

        Assert.Equal(174.248, seed.Total / 1e9, 3);
        Assert.InRange(SeedSteps.LargestRateError(seed), 0, 0.006);
    }

    [Fact]
    public void Every_layer_belongs_to_one_part()
    {
        var count = StoriesCount.Of(Size);

        Assert.Equal(count.Flops, StoriesCount.FlopsByPart(count).Values.Sum());
        Assert.Equal(StepParts.All, count.Layers.Select(StoriesCount.PartOf).Distinct().Order());
    }

    static StoriesRun Run(params TimedStep[] steps) => new(Size, StoriesPoints.Of(Size, Size.Parameters, steps, 2, [1]));

    // Nine parts, seven of them in two directions: 16 times a part, and what lies between them.
    static TimedStep Step(double seconds, double part, double between) =>
        new(1, seconds, new StepTimes([.. Enumerable.Repeat(part, 2 * StepParts.All.Count)], between));
}
