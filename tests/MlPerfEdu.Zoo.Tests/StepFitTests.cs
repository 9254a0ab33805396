namespace MlPerfEdu.Zoo.Tests;

[Trait("Suite", "zoo")]
public class StepFitTests(ITestOutputHelper output)
{
    static readonly StepHeuristics Truth = new(0.31, 2.2, new(4e-6));

    [Fact]
    public void Finds_the_constants_that_made_the_steps()
    {
        var steps = Steps(12, noise: 0);
        var found = StepFit.To(steps);
        output.WriteLine($"{found}");
        Assert.All(steps, step => Assert.InRange(found.Ratio(step), 0.99, 1.01));
        Assert.InRange(found.Efficiency / Truth.Efficiency, 0.98, 1.02);
        Assert.InRange(found.Traffic / Truth.Traffic, 0.98, 1.02);
        Assert.InRange(found.PerCall / Truth.PerCall, 0.98, 1.02);
    }

    [Fact]
    public void Predicts_steps_it_has_not_seen()
    {
        var comparison = StepComparison.Of(Steps(9, noise: 0.1));
        output.WriteLine($"{comparison.MedianBefore:p1} before, {comparison.MedianAfter:p1} after");
        Assert.True(comparison.MedianAfter < 0.2 && comparison.MedianAfter < comparison.MedianBefore);
    }

    [Fact]
    public void Predicts_the_recorded_workloads_from_each_other()
    {
        var comparison = StepComparison.Of([.. Golden.Read("steps.csv").Select(Recorded)]);
        foreach (var row in comparison.Steps)
            output.WriteLine($"{row.Step.Id}: {row.ErrorBefore:p1} before, {row.ErrorAfter:p1} held out, wrong in {row.Explains}");
        output.WriteLine($"median {comparison.MedianBefore:p1} before, {comparison.MedianAfter:p1} held out");
        Assert.True(comparison.MedianAfter < 0.35 && comparison.MedianAfter < comparison.MedianBefore);
    }

    [Fact]
    public void A_step_is_never_among_those_it_is_predicted_from()
    {
        var steps = Steps(4, noise: 0);
        // Ten times slower than anything explains: a fit that saw it would bend towards it.
        var odd = steps[0] with { Time = steps[0].Time * 10 };
        var compared = StepComparison.Of([odd, .. steps.Skip(1)]).Steps[0];
        Assert.Equal(StepFit.To([.. steps.Skip(1)]), compared.HeldOut);
        Assert.InRange(compared.ErrorAfter, 0.8, 1);
    }

    [Fact]
    public void Without_other_steps_the_usual_constants_stay()
    {
        var compared = StepComparison.Of(Steps(1, noise: 0)).Steps[0];
        Assert.Equal(StepHeuristics.Usual, compared.HeldOut);
        Assert.Null(StepComparison.Of([]).MedianAfter);
    }

    [Fact]
    public void Names_the_part_that_was_wrong()
    {
        var step = new TimedStep("one", new(1e9), new(1e6), 10, new(1e11), new(1e10), new(0.1));
        var usual = StepHeuristics.Usual;
        Assert.Equal(StepTerm.Compute, usual.Longest(step));
        Assert.Equal(StepTerm.Bandwidth, (usual with { Traffic = 1000 }).MostChanged(step, usual));
        Assert.Equal(StepTerm.Dispatch, (usual with { PerCall = new(1) }).MostChanged(step, usual));
    }

    // Counts, calibration and median steps of the first baselines of suite tiny.
    static TimedStep Recorded(Golden.Row row) => new(
        row["workload"], new(row.Number("flop")), new(row.Number("bytes")), row.Number("calls"),
        new(row.Number("peak_flop_per_s")), new(row.Number("bandwidth_bytes_per_s")), new(row.Number("step_s")));

    static List<TimedStep> Steps(int count, double noise)
    {
        var zoo = new RandomZoo(5);
        var steps = new List<TimedStep>();
        for (var i = 0; i < count; i++)
        {
            // In turn ruled by one of the three parts.
            var step = new TimedStep($"{i}", new(i % 3 == 0 ? 1e11 : 1e6), new(i % 3 == 1 ? 1e10 : 1e5), zoo.Between(50, 200), new(1e11),
                new(2e10), default);
            steps.Add(step with { Time = Truth.Predict(step) * zoo.Log(1 / (1 + noise), 1 + noise) });
        }
        return steps;
    }
}
