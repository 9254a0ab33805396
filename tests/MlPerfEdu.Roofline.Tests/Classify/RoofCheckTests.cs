using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Tests.Classify;

/// <summary>100 GFLOP/s of the products, 110 of the multiply-adds, 40 GB/s of the fastest level; a tenth is measurement.</summary>
public class RoofCheckTests
{
    static readonly RooflinePoint Calm = RooflinePoint.From(Sample.Count, Sample.Measurement(1), Sample.Peaks, RegimeValue.DramBound)!;

    [Fact]
    public void Just_a_tenth_above_a_roof_is_no_problem()
    {
        var edge = Calm with
        {
            ComputeShare = Interval.Exactly(RooflinePoint.Accuracy),
            BytesPerSecond = Interval.Exactly(RooflinePoint.Accuracy * Sample.Cache),
        };

        Assert.Empty(RoofCheck.Problems(edge, Sample.Peaks));
    }

    [Theory]
    [InlineData(1.0, "The roof is suspect")]
    [InlineData(1.001, "The FLOP count is suspect")]
    public void Just_a_tenth_above_the_multiply_adds_still_blames_the_roof(double more, string suspect)
    {
        var above = Above(RooflinePoint.Accuracy * Sample.Nominal * more);

        Assert.Contains(suspect, Assert.Single(RoofCheck.Problems(above, Sample.Peaks)), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_multiply_add_kernel_the_count_is_suspect()
    {
        var peaks = Sample.Peaks with { Series = [.. Sample.Peaks.Series.Where(series => series.Kind != PeakKind.Fma)] };

        Assert.Contains("The FLOP count is suspect", Assert.Single(RoofCheck.Problems(Above(111e9), peaks)), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_any_bandwidth_the_byte_count_is_suspect()
    {
        var peaks = Sample.Peaks with { Series = [] };

        Assert.Contains("The byte count is suspect", Assert.Single(RoofCheck.Problems(Calm, peaks)), StringComparison.Ordinal);
    }

    [Fact]
    public void Rates_above_both_roofs_are_two_problems() =>
        Assert.Equal(2, RoofCheck.Problems(Above(150e9) with { BytesPerSecond = Interval.Exactly(50e9) }, Sample.Peaks).Count);

    static RooflinePoint Above(double flopsPerSecond) => Calm with
    {
        ComputeShare = Interval.Exactly(flopsPerSecond / Sample.Compute), FlopsPerSecond = Interval.Exactly(flopsPerSecond),
    };
}
