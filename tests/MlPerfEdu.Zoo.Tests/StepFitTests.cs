namespace MlPerfEdu.Zoo.Tests;

public class StepFitTests(ITestOutputHelper output)
{
    static readonly StepHeuristics Truth = new(0.31, 2.2, new(4e-6));

    [Fact]
    public void Finds_the_constants_that_made_the_steps()
    {
        var steps = Steps(12, noise: 0);
        var fit = StepFit.To(steps);
        output.WriteLine($"{fit}");
        // Four steps for each constant, and the usual value as a weak fifth opinion.
        Assert.All(steps, step => Assert.InRange(fit.Ratio(step), 0.97, 1.03));
        Assert.InRange(fit.Efficiency / Truth.Efficiency, 0.97, 1.03);
        Assert.InRange(fit.Traffic / Truth.Traffic, 0.97, 1.03);
        Assert.InRange(fit.PerCall / Truth.PerCall, 0.97, 1.03);
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
        var comparison = StepComparison.Of(Recorded());
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
    public void A_constant_that_no_step_depends_on_stays_usual()
    {
        var computing = new TimedStep("computes", [new(new(1e11), new(1))], 0, new(1e11), new(1e10), new(3));
        var fit = StepFit.To([computing, computing with { Time = new(3.1) }]);
        Assert.InRange(fit.Efficiency, 0.3, 0.4);
        Assert.InRange(fit.Traffic / StepHeuristics.Usual.Traffic, 0.99, 1.01);
        Assert.InRange(fit.PerCall / StepHeuristics.Usual.PerCall, 0.99, 1.01);
    }

    [Fact]
    public void Without_other_steps_the_usual_constants_stay()
    {
        var compared = StepComparison.Of(Steps(1, noise: 0)).Steps[0];
        Assert.Equal(StepHeuristics.Usual, compared.HeldOut);
        Assert.Null(StepComparison.Of([]).MedianAfter);
    }

    [Fact]
    public void Parts_follow_one_another_each_under_its_own_roof()
    {
        StepPart computes = new(new(1e9), new(1e6)), moves = new(new(1e3), new(1e9));
        var step = new TimedStep("two", [computes, moves], 10, new(1e11), new(1e10), new(1));
        Assert.Equal((1e9 / 1e11 / 0.5) + (1e9 / 1e10) + (10 * 1e-5), StepHeuristics.Usual.Predict(step).Value, 12);
    }

    [Fact]
    public void Merging_keeps_the_prediction_and_drops_what_is_empty()
    {
        var zoo = new RandomZoo(7);
        List<StepPart> parts = [.. Enumerable.Range(0, 90).Select(i =>
            new StepPart(new(i % 3 == 0 ? 0 : zoo.Between(1, 9) * 1e6), new(i % 5 == 0 ? 0 : zoo.Between(1, 9) * 1e5)))];
        var whole = new TimedStep("whole", parts, 1, new(1e11), new(1e10), new(1));
        var merged = whole with { Parts = StepPart.Merged(parts) };
        Assert.InRange(merged.Parts.Count, 2, 60);
        foreach (var heuristics in new[] { StepHeuristics.Usual, Truth, new(0.01, 1, new(0)), new(1, 100, new(0)) })
            Assert.Equal(heuristics.Predict(whole).Value, heuristics.Predict(merged).Value, 12);
    }

    [Fact]
    public void Names_the_part_that_was_wrong()
    {
        var step = new TimedStep("one", [new(new(1e9), new(1e6))], 10, new(1e11), new(1e10), new(0.1));
        var usual = StepHeuristics.Usual;
        Assert.Equal(StepTerm.Compute, usual.Longest(step));
        Assert.Equal(StepTerm.Bandwidth, (usual with { Traffic = 1000 }).MostChanged(step, usual));
        Assert.Equal(StepTerm.Dispatch, (usual with { PerCall = new(1) }).MostChanged(step, usual));
    }

    // Counts, calibration and median steps of the baselines of suite tiny: a row per part, the machine and the time in the first of each.
    static List<TimedStep> Recorded() =>
    [
        .. from row in Golden.Read("steps.csv")
            group row by row["workload"] into rows
            let first = rows.First()
            select new TimedStep(
                rows.Key, [.. rows.Select(row => new StepPart(new(row.Number("flop")), new(row.Number("bytes"))))], first.Number("calls"),
                new(first.Number("peak_flop_per_s")), new(first.Number("bandwidth_bytes_per_s")), new(first.Number("step_s"))),
    ];

    static List<TimedStep> Steps(int count, double noise)
    {
        var zoo = new RandomZoo(5);
        var steps = new List<TimedStep>();
        for (var i = 0; i < count; i++)
        {
            // In turn ruled by one of the three parts.
            var part = new StepPart(new(i % 3 == 0 ? 1e11 : 1e6), new(i % 3 == 1 ? 1e10 : 1e5));
            var step = new TimedStep($"{i}", [part], zoo.Between(50, 200), new(1e11), new(2e10), default);
            steps.Add(step with { Time = Truth.Predict(step) * zoo.Log(1 / (1 + noise), 1 + noise) });
        }
        return steps;
    }
}
