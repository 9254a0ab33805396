using MlPerfEdu.Roofline.Classify;

namespace MlPerfEdu.Roofline.Tests.Classify;

public class ClassifierTableTests
{
    // Last-level cache of 100 to 200 bytes: resident up to half of the smaller, DRAM from four times the larger.
    [Theory]
    [InlineData(1, RegimeValue.CacheResident)]
    [InlineData(50, RegimeValue.CacheResident)]
    [InlineData(51, RegimeValue.GreyBand)]
    [InlineData(799, RegimeValue.GreyBand)]
    [InlineData(800, RegimeValue.DramBound)]
    [InlineData(1_000_000, RegimeValue.DramBound)]
    [InlineData(0, RegimeValue.Unmeasured)]
    public void Working_set(long bytes, RegimeValue expected)
    {
        var verdict = RegimeClassifier.WorkingSet(bytes, new Interval(100, 200), Thresholds.Usual);

        Assert.Equal((RegimeAxis.WorkingSet, expected, true), (verdict.Axis, verdict.Value, verdict.Decided));
    }

    [Fact]
    public void Working_set_without_a_known_cache_is_unmeasured() =>
        Assert.Equal(RegimeValue.Unmeasured, RegimeClassifier.WorkingSet(100, null, Thresholds.Usual).Value);

    // 1000 bytes, ridge 10 to 20: compute bound above twice the larger, bandwidth bound below half of the smaller.
    [Theory]
    [InlineData(0, RegimeValue.BandwidthBound, true)]
    [InlineData(4_999, RegimeValue.BandwidthBound, true)]
    [InlineData(5_000, RegimeValue.GreyBand, false)]
    [InlineData(9_999, RegimeValue.GreyBand, false)]
    [InlineData(10_001, RegimeValue.GreyBand, true)]
    [InlineData(19_999, RegimeValue.GreyBand, true)]
    [InlineData(20_000, RegimeValue.GreyBand, false)]
    [InlineData(40_000, RegimeValue.GreyBand, false)]
    [InlineData(40_001, RegimeValue.ComputeBound, true)]
    public void Arithmetic_intensity(long flops, RegimeValue expected, bool decided)
    {
        var verdict = RegimeClassifier.Intensity(flops, 1000, new Interval(10, 20), Thresholds.Usual);

        Assert.Equal((RegimeAxis.ArithmeticIntensity, expected, decided), (verdict.Axis, verdict.Value, verdict.Decided));
    }

    // Exactly on an edge, with an exact ridge, is in the band: the rules say "more than" and "less than".
    [Theory]
    [InlineData(5_000)]
    [InlineData(20_000)]
    public void Arithmetic_intensity_on_an_edge_is_grey_and_more_samples_do_not_help(long flops)
    {
        var verdict = RegimeClassifier.Intensity(flops, 1000, Interval.Exactly(10), Thresholds.Usual);

        Assert.Equal((RegimeValue.GreyBand, true), (verdict.Value, verdict.Decided));
    }

    [Fact]
    public void Arithmetic_intensity_without_traffic_or_ridge_is_unmeasured()
    {
        Assert.Equal(RegimeValue.Unmeasured, RegimeClassifier.Intensity(1, 0, new Interval(1, 2), Thresholds.Usual).Value);
        Assert.Equal(RegimeValue.Unmeasured, RegimeClassifier.Intensity(1, 1, null, Thresholds.Usual).Value);
    }

    // Utilisation, cost of calls, growth of the doubled batch.
    [Theory]
    [InlineData(0.5, 0.6, 0, 0, 0, 0, RegimeValue.DeviceSaturated, true)]
    [InlineData(0.499, 0.6, 0, 0, 0, 0, RegimeValue.GreyBand, false)]
    [InlineData(0.25, 0.499, 0, 0, 0, 0, RegimeValue.GreyBand, true)]
    [InlineData(0.25, 0.5, 0, 0, 0, 0, RegimeValue.GreyBand, false)]
    [InlineData(0.249, 0.3, 0, 0, 0, 0, RegimeValue.GreyBand, false)]
    [InlineData(0.2, 0.25, 0.9, 0.9, 1, 1, RegimeValue.GreyBand, false)]
    [InlineData(0.1, 0.249, 0.5, 0.9, 1.0, 1.5, RegimeValue.DispatchBound, true)]
    [InlineData(0.1, 0.249, 0.499, 0.9, 1.0, 1.5, RegimeValue.GreyBand, false)]
    [InlineData(0.1, 0.249, 0.5, 0.9, 1.0, 1.501, RegimeValue.GreyBand, false)]
    [InlineData(0.1, 0.249, 0.1, 0.499, 1.0, 1.2, RegimeValue.KernelBound, true)]
    [InlineData(0.1, 0.249, 0.1, 0.5, 1.0, 1.2, RegimeValue.GreyBand, false)]
    [InlineData(0.1, 0.249, 0.8, 0.9, 1.501, 2.1, RegimeValue.KernelBound, true)]
    [InlineData(0.1, 0.249, 0.8, 0.9, 1.5, 2.1, RegimeValue.GreyBand, false)]
    public void Dispatch(
        double low, double high, double callsLow, double callsHigh, double growthLow, double growthHigh, RegimeValue expected, bool decided)
    {
        var evidence = new DispatchEvidence(
            new Interval(low, high), new Interval(callsLow, callsHigh), new Interval(growthLow, growthHigh));
        var verdict = RegimeClassifier.Dispatch(evidence, Thresholds.Usual);

        Assert.Equal((RegimeAxis.Dispatch, expected, decided), (verdict.Axis, verdict.Value, verdict.Decided));
    }

    [Fact]
    public void Dispatch_asks_for_an_explanation_only_of_low_utilisation()
    {
        Assert.Equal(RegimeValue.Unmeasured, Classify(null).Value);
        Assert.Equal(RegimeValue.DeviceSaturated, Classify(new Interval(0.6, 0.7)).Value);
        Assert.Equal(RegimeValue.GreyBand, Classify(new Interval(0.3, 0.4)).Value);
        var low = Classify(new Interval(0.1, 0.2));
        Assert.Equal((RegimeValue.Unmeasured, false), (low.Value, low.Decided));

        static RegimeVerdict Classify(Interval? utilization) =>
            RegimeClassifier.Dispatch(new DispatchEvidence(utilization, null, null), Thresholds.Usual);
    }

    [Fact]
    public void Rules_carry_the_thresholds_and_no_measured_number()
    {
        var (a, b) = (Verdict(51), Verdict(799));

        Assert.Equal(a.Rule, b.Rule);
        Assert.NotEqual(a.Because, b.Because);
        Assert.Equal("unique bytes per step / last-level cache <= 0.5", Verdict(1).Rule);

        static RegimeVerdict Verdict(long bytes) => RegimeClassifier.WorkingSet(bytes, new Interval(100, 200), Thresholds.Usual);
    }
}
