using MlPerfEdu.Roofline.Classify;

namespace MlPerfEdu.Roofline.Tests.Classify;

/// <summary>Each edge, from both sides, where no other edge gives the same answer.</summary>
public class EdgeTests
{
    [Theory]
    [InlineData(250, RegimeValue.CacheResident)]
    [InlineData(251, RegimeValue.GreyBand)]
    [InlineData(4_999, RegimeValue.GreyBand)]
    [InlineData(5_000, RegimeValue.DramBound)]
    public void Working_set_over_a_cache_of_1000_bytes(long bytes, RegimeValue expected) =>
        Assert.Equal(expected, RegimeClassifier.WorkingSet(bytes, Interval.Exactly(1000), Thresholds.AllDifferent).Value);

    [Theory]
    [InlineData(2_999, RegimeValue.BandwidthBound)]
    [InlineData(3_001, RegimeValue.GreyBand)]
    [InlineData(24_000, RegimeValue.GreyBand)]
    [InlineData(24_001, RegimeValue.ComputeBound)]
    public void Intensity_of_1000_bytes_over_a_ridge_of_8(long flops, RegimeValue expected) =>
        Assert.Equal(expected, RegimeClassifier.Intensity(flops, 1000, Interval.Exactly(8), Thresholds.AllDifferent).Value);

    // A ridge of 8 to 16 puts each edge inside the interval of an intensity between the two that touch it.
    [Theory]
    [InlineData(3_000, false)]
    [InlineData(6_000, false)]
    [InlineData(6_001, true)]
    [InlineData(23_999, true)]
    [InlineData(24_000, false)]
    [InlineData(48_000, false)]
    [InlineData(48_001, true)]
    public void Intensity_is_decided_when_no_edge_is_inside(long flops, bool decided) =>
        Assert.Equal(decided, RegimeClassifier.Intensity(flops, 1000, new Interval(8, 16), Thresholds.AllDifferent).Decided);

    [Theory]
    [InlineData(0.625, 1, 1, RegimeValue.DeviceSaturated)]
    [InlineData(0.624, 1, 1, RegimeValue.GreyBand)]
    [InlineData(0.125, 1, 1, RegimeValue.GreyBand)]
    [InlineData(0.124, 0.75, 1.25, RegimeValue.DispatchBound)]
    [InlineData(0.124, 0.749, 1.25, RegimeValue.KernelBound)]
    [InlineData(0.124, 0.75, 1.251, RegimeValue.KernelBound)]
    public void Dispatch_of_utilisation_calls_and_growth(double utilization, double calls, double growth, RegimeValue expected)
    {
        var evidence = new DispatchEvidence(Interval.Exactly(utilization), Interval.Exactly(calls), Interval.Exactly(growth));

        Assert.Equal((expected, true), Verdict(evidence));
    }

    [Theory]
    [InlineData(0.125, 0.624, true)]
    [InlineData(0.125, 0.625, false)]
    [InlineData(0.124, 0.624, false)]
    public void Utilisation_is_decided_when_no_edge_is_inside(double low, double high, bool decided) =>
        Assert.Equal((RegimeValue.GreyBand, decided), Verdict(new DispatchEvidence(new Interval(low, high), null, null)));

    // Two intervals, one of them across the edge: neither sure to explain nor sure not to.
    [Theory]
    [InlineData(0.7, 0.8, 1.0, 1.25)]
    [InlineData(0.75, 0.8, 1.2, 1.3)]
    public void An_explanation_across_its_edge_decides_nothing(double callsLow, double callsHigh, double growthLow, double growthHigh)
    {
        var evidence = new DispatchEvidence(
            Interval.Exactly(0.1), new Interval(callsLow, callsHigh), new Interval(growthLow, growthHigh));

        Assert.Equal((RegimeValue.GreyBand, false), Verdict(evidence));
    }

    [Fact]
    public void One_missing_half_of_the_explanation_leaves_dispatch_unmeasured()
    {
        var low = Interval.Exactly(0.1);

        Assert.Equal((RegimeValue.Unmeasured, false), Verdict(new DispatchEvidence(low, null, Interval.Exactly(1))));
        Assert.Equal((RegimeValue.Unmeasured, false), Verdict(new DispatchEvidence(low, Interval.Exactly(0.9), null)));
    }

    // The clearance of 2 halves the lower edge of each band and doubles the upper.
    [Theory]
    [InlineData(RegimeAxis.WorkingSet, 0.125, 10)]
    [InlineData(RegimeAxis.ArithmeticIntensity, 0.1875, 6)]
    [InlineData(RegimeAxis.Dispatch, 0.0625, 1.25)]
    public void Each_axis_has_its_own_band(RegimeAxis axis, double low, double high)
    {
        Assert.Equal((true, false), (Clear(0.99 * low), Clear(low)));
        Assert.Equal((true, false), (Clear(1.01 * high), Clear(high)));

        bool Clear(double measured) => Thresholds.AllDifferent.IsClearOfGrey(
            new RegimeVerdict(axis, RegimeValue.KernelBound, "", Interval.Exactly(measured), true, "", ""), 2);
    }

    static (RegimeValue Value, bool Decided) Verdict(DispatchEvidence evidence)
    {
        var verdict = RegimeClassifier.Dispatch(evidence, Thresholds.AllDifferent);
        return (verdict.Value, verdict.Decided);
    }
}
