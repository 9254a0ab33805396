using System.Text.Json;
using MlPerfEdu.Catalog;
using MlPerfEdu.Engine.Mllog;

namespace MlPerfEdu.Workloads.Tests.Mllog;

public class ConvergenceTests
{
    [Fact]
    public void The_least_mean_is_that_of_MLCommons_checker() =>
        // Its own bisection ends at 4.67684.
        Assert.Equal(4.6768, ConvergenceCheck.LeastMean([5, 6, 5, 6, 6, 5, 5, 7, 5, 6], 5), 4);

    [Fact]
    public void The_fastest_and_the_slowest_do_not_count() => Assert.Equal(5.5, ConvergenceCheck.OlympicMean([5, 1e9, 6, 0]));

    [Fact]
    public void Equal_references_allow_nothing_faster() => Assert.Equal(6400, ConvergenceCheck.LeastMean([6400, 6400, 6400, 6400, 6400], 5));

    [Theory]
    [InlineData("6400 9600 6400 6400 9600", null)]
    [InlineData("64000 64000 64000 64000 64000", null)]
    [InlineData("6400 6400 9600 6400 Infinity", null)]
    [InlineData("6400 6400 9600 Infinity Infinity", "MLP1610")]
    [InlineData("3200 3200 3200 3200 3200", "MLP1611")]
    [InlineData("64 3200 3200 3200 99999", "MLP1611")]
    public void Slower_is_fine_and_faster_than_chance_is_not(string convergences, string? code) =>
        Assert.Equal(code, Check(64, [.. convergences.Split(' ').Select(double.Parse)])?.Code);

    [Fact]
    public void Smaller_batches_are_held_against_the_reference_and_larger_ones_have_none()
    {
        double[] usual = [6400, 6400, 9600, 6400, 6400];
        Assert.Null(Check(32, usual));
        Assert.Equal("MLP1609", Check(128, usual)?.Code);
        Assert.Contains("`samples: [6400, 6400, 9600, 6400, 6400]`", Check(128, usual)?.Message);
    }

    [Fact]
    public void A_point_has_the_fields_of_MLCommons_form()
    {
        var entry = WithReference();
        using var json = JsonDocument.Parse(ReferencePoint.Json(First(entry)!));
        var point = json.RootElement.GetProperty("anomaly-ae-train_ref_64");
        Assert.Equal(
            ["Benchmark", "Creator", "When", "Platform", "Precision", "BS", "Hyperparams", "Epochs to converge", "samples to converge"],
            point.EnumerateObject().Select(part => part.Name));
        Assert.Equal([2, 3, 2, 2, 3], point.GetProperty("Epochs to converge").EnumerateArray().Select(epochs => epochs.GetDouble()));
        Assert.Equal(1e-3, point.GetProperty("Hyperparams").GetProperty("opt_base_learning_rate").GetDouble());
    }

    [Fact]
    public void Without_samples_to_converge_there_is_no_point()
    {
        Assert.Null(First(With(null)));
        Assert.Null(First(With(new([1], [0.9], [], []))));
    }

    [Fact]
    public void A_run_of_the_closed_recipe_is_not_held_against_the_open_one()
    {
        double[] usual = [6400, 6400, 9600, 6400, 6400];
        var (open, closed) = (WithReference(), WithReference(division: "closed"));
        Assert.Equal("MLP1609", ConvergenceCheck.Check(new("folder", "system", SampleLogs.Id, "closed", "mnist", 64, usual), open)?.Code);
        Assert.Null(ConvergenceCheck.Check(new("folder", "system", SampleLogs.Id, "closed", "mnist", 64, usual), closed));
    }

    internal static ReferencePoint? First(WorkloadEntry entry) => ReferencePoint.Of(entry).First().Point;

    static LogFinding? Check(long batch, double[] convergences) => ConvergenceCheck.Check(
        new("folder", "system", SampleLogs.Id, "open", "mnist", batch, convergences), WithReference());

    /// <summary>The entry with a reference that takes two or three epochs.</summary>
    internal static WorkloadEntry WithReference(string division = "open") =>
        With(new([1, 2, 3, 4, 5], [0.96, 0.96, 0.96, 0.96, 0.96], [], [6400, 9600, 6400, 6400, 9600]), division);

    static WorkloadEntry With(Reference? reference, string division = "open") => SampleLogs.Entry with
    {
        Data = [.. SampleLogs.Entry.Data.Select(choice => choice with { Reference = reference, Recipe = choice.Recipe with { Division = division } })],
    };
}
