using MlPerfEdu.Roofline.Compare;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Machine.KnownResults;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Machine;

public class KnownResultsTests
{
    static readonly KnownResult Passes = KnownResult.Passes("passes", 0.1, _ => 0, "");
    static readonly KnownResult Fails = KnownResult.Fails("fails", 0.1, _ => 0, "");

    [Theory]
    [InlineData(0, false, true)]
    [InlineData(0.1, false, true)]
    [InlineData(0.2, true, false)]
    [InlineData(double.NaN, true, true)]
    [InlineData(double.PositiveInfinity, true, true)]
    public void An_error_on_the_wrong_side_of_the_tolerance_flips(double error, bool flipsPass, bool flipsFail)
    {
        Assert.Equal((flipsPass, flipsFail), (Passes.Flips(error), Fails.Flips(error)));
    }

    [Fact]
    public void What_flips_is_counted_and_named()
    {
        var findings = KnownResultsFindings.Of([Passes, Fails], [Point("passes", 1), Point("fails", 1)]);

        Assert.Equal((2, 1, 1), (findings.Metrics["checked"], findings.Metrics["flipped"], findings.Metrics["passes"]));
        Assert.Contains("FLIPPED", findings.Portable, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_known_is_compared_with_its_verdict()
    {
        var findings = KnownResultsFindings.Of([Passes, Fails], [Point("passes", 1), Point("fails", 1)]);
        var compared = findings.Compared.Cast<KnownFinding>().ToArray();

        Assert.Equal([("passes", false, 1.0), ("fails", true, 1.0)], compared.Select(known => (known.Name, known.AsExpected, known.Error)));
        Assert.Equal("error 1.0e+0 to pass 1.0e-1", compared[0].Found);
    }

    [Fact]
    public void A_check_without_a_result_flips()
    {
        Assert.Equal(1, KnownResultsFindings.Of([Passes, Fails], [Point("fails", 1)]).Metrics["flipped"]);
    }

    [Fact]
    public void Zeros_are_wrong_by_all_of_the_result()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        var small = randn(4, 100).mul_(1e-6);

        Assert.Equal(1, RelativeError.OfEach(zeros_like(small), small), 6);
        Assert.Equal(1, RelativeError.OfLargest(zeros_like(small), small), 6);
    }

    [Fact]
    public void Names_are_unique_and_reasons_given()
    {
        var names = KnownResultsTable.All.Select(known => known.Name).ToList();

        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.All(KnownResultsTable.All, known => Assert.NotEmpty(known.Reason));
    }

    static MeasuredPoint Point(string name, double error) => new(name, new Dictionary<string, double>(), "error", [error]);
}
