using MlPerfEdu.Roofline.Report.Plots;
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
    public void Parts_are_compared_beside_the_largest_product_and_small_ones_together()
    {
        var (first, second) = (Step(seconds: 20, part: 1, between: 2), Step(seconds: 30, part: 2, between: 5));
        var compared = Run(Step(seconds: 1000, part: 9, between: 4), first, second).Compared().ToArray();
        var small = compared.Single(time => time.Name.EndsWith(" data, embedding and unattributed", StringComparison.Ordinal));

        // Nine parts, two of them small and two in one direction; the step, and the small ones.
        Assert.Equal(1 + 13 + 1, compared.Length);
        Assert.Equal([20, 30], compared[0].Rounds.Select(round => round.Seconds.Single()));
        Assert.Equal([5, 11], small.Rounds.Select(round => round.Seconds.Single()));
        Assert.All(compared, time => Assert.Equal([2, 3], time.Rounds.Select(round => round.Machine!.Value)));
    }

    [Fact]
    public void A_step_is_drawn_as_all_of_its_parts()
    {
        var run = Run(Step(seconds: 100, part: 5, between: 20), Step(seconds: 20, part: 1, between: 4));
        var bars = (Bars)StoriesDrawings.Steps([run]).Drawing;

        Assert.Equal([20, 100], bars.Rows.Select(row => row.Sum));
        Assert.Equal(StepParts.All.Count + 1, bars.Parts.Count);
        Assert.Equal(4, bars.Rows[0].Parts.Single(part => part.Name == "unattributed").Value);
    }

    [Fact]
    public void The_original_adds_up_to_174_gflop_and_its_rates_follow()
    {
        var size = StoriesSize.All(ThisClone.Experiment("stories110m-step").Geometry)[0];
        var original = OriginalSteps.Accounting(size);

        Assert.Equal(174.248, original.Total / 1e9, 3);
        Assert.InRange(OriginalSteps.LargestRateError(original), 0, 0.006);
    }

    [Fact]
    public void The_original_counts_attention_five_times_and_we_six()
    {
        var size = StoriesSize.All(ThisClone.Experiment("stories110m-step").Geometry)[0];
        var (original, ours) = (OriginalSteps.Accounting(size), StoriesCount.Of(size));

        Assert.Equal((43.487, 6.040, 12.583), (Giga(original.LinearForward), Giga(original.Attention), Giga(original.ClassifierForward)));
        Assert.Equal((93.013, 105.596), (Giga(original.OnAccelerator), Giga(original.OnAcceleratorWithClassifier)));
        // Linear layers and classifier are the same three times; attention is two products forwards and four backwards, not five in all.
        var attention = 6L * 2 * 12 * 256 * 256 * 768;
        Assert.Equal(3 * (original.LinearForward + original.ClassifierForward) + attention, ours.Flops);
        Assert.Equal(175.456, Giga(ours.Flops));

        static double Giga(long flops) => Math.Round(flops / 1e9, 3);
    }

    [Fact]
    public void Every_layer_belongs_to_one_part()
    {
        var count = StoriesCount.Of(Size);

        Assert.Equal(count.Flops, StoriesCount.FlopsByPart(count).Values.Sum());
        Assert.Equal(StepParts.All, count.Layers.Select(StoriesCount.PartOf).Distinct().Order());
    }

    // The largest product takes a second beside the first step, two beside the next.
    static StoriesRun Run(params TimedStep[] steps) =>
        new(Size, StoriesPoints.Of(Size, Size.Parameters, steps, 2, [.. steps.Select((_, step) => 1.0 + step)]));

    // Nine parts, seven of them in two directions: 16 times a part, and what lies between them.
    static TimedStep Step(double seconds, double part, double between) =>
        new(1, seconds, new StepTimes([.. Enumerable.Repeat(part, 2 * StepParts.All.Count)], between));
}
