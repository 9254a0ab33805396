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

public class RegimeTextTests
{
    [Theory]
    [InlineData(RegimeAxis.WorkingSet, RegimeValue.CacheResident, "unique bytes per step / last-level cache <= 0.25")]
    [InlineData(RegimeAxis.WorkingSet, RegimeValue.DramBound, "unique bytes per step / last-level cache >= 5")]
    [InlineData(RegimeAxis.WorkingSet, RegimeValue.GreyBand, "unique bytes per step / last-level cache: not surely <= 0.25 or >= 5")]
    [InlineData(RegimeAxis.WorkingSet, RegimeValue.Unmeasured, "unique bytes per step / last-level cache: not measured")]
    [InlineData(RegimeAxis.ArithmeticIntensity, RegimeValue.ComputeBound, "FLOP per byte / ridge > 3")]
    [InlineData(RegimeAxis.ArithmeticIntensity, RegimeValue.BandwidthBound, "FLOP per byte / ridge < 0.375")]
    [InlineData(RegimeAxis.ArithmeticIntensity, RegimeValue.GreyBand, "FLOP per byte / ridge: not surely < 0.375 or > 3")]
    [InlineData(RegimeAxis.ArithmeticIntensity, RegimeValue.Unmeasured, "FLOP per byte / ridge: not measured")]
    [InlineData(RegimeAxis.Dispatch, RegimeValue.DeviceSaturated, "utilisation >= 0.625")]
    [InlineData(RegimeAxis.Dispatch, RegimeValue.DispatchBound,
        "utilisation < 0.125, operator calls cost >= 0.75 of the step and as much of it does not grow with the batch")]
    [InlineData(RegimeAxis.Dispatch, RegimeValue.KernelBound,
        "utilisation < 0.125, and operator calls or what does not grow with the batch are < 0.75 of the step")]
    [InlineData(RegimeAxis.Dispatch, RegimeValue.GreyBand, "utilisation: not surely < 0.125 with an explanation or >= 0.625")]
    [InlineData(RegimeAxis.Dispatch, RegimeValue.Unmeasured, "utilisation: not measured")]
    public void The_rule_of_a_value_states_its_edges(RegimeAxis axis, RegimeValue value, string rule) =>
        Assert.Equal(rule, RegimeRules.Of(axis, value, Thresholds.AllDifferent));

    // More samples cannot tell the cache's size, but they can bring what the other two lack.
    [Fact]
    public void What_is_unmeasured_has_the_quantity_and_the_rule_of_its_axis()
    {
        RegimeVerdict[] verdicts =
        [
            RegimeClassifier.WorkingSet(1, null, Thresholds.Usual),
            RegimeClassifier.Intensity(1, 1, null, Thresholds.Usual),
            RegimeClassifier.Dispatch(new DispatchEvidence(null, null, null), Thresholds.Usual),
        ];

        Assert.Equal(
            [
                (RegimeAxis.WorkingSet, RegimeRules.QuantityOf(RegimeAxis.WorkingSet), "unique bytes per step / last-level cache: not measured", true),
                (RegimeAxis.ArithmeticIntensity, RegimeRules.QuantityOf(RegimeAxis.ArithmeticIntensity), "FLOP per byte / ridge: not measured", false),
                (RegimeAxis.Dispatch, RegimeRules.QuantityOf(RegimeAxis.Dispatch), "utilisation: not measured", false),
            ],
            verdicts.Select(verdict => (verdict.Axis, verdict.Quantity, verdict.Rule, verdict.Decided)));
        Assert.All(verdicts, verdict => Assert.Equal((RegimeValue.Unmeasured, null), (verdict.Value, verdict.Measured)));
    }

    [Theory]
    [InlineData(RegimeAxis.WorkingSet, "cache_resident, dram_bound, grey_band, unmeasured")]
    [InlineData(RegimeAxis.ArithmeticIntensity, "compute_bound, bandwidth_bound, grey_band, unmeasured")]
    [InlineData(RegimeAxis.Dispatch, "device_saturated, dispatch_bound, kernel_bound, grey_band, unmeasured")]
    public void An_axis_has_its_own_values_and_the_two_of_all(RegimeAxis axis, string names) =>
        Assert.Equal(names, string.Join(", ", RegimeNames.ValuesOf(axis).Select(value => value.Name())));

    [Fact]
    public void The_working_set_says_its_megabytes()
    {
        var verdict = RegimeClassifier.WorkingSet(48_000_000, new Interval(24e6, 32e6), Thresholds.Usual);

        Assert.Equal("48 MB touched, last-level cache 24 to 32 MB: ratio 1.5 to 2", verdict.Because);
    }

    [Fact]
    public void Intensity_says_its_ridge()
    {
        var verdict = RegimeClassifier.Intensity(15, 1, new Interval(10, 20), Thresholds.Usual);

        Assert.Equal("15 FLOP/byte, ridge 10 to 20: ratio 0.75 to 1.5", verdict.Because);
    }

    [Fact]
    public void Dispatch_says_what_was_and_what_was_not_measured()
    {
        var measured = new DispatchEvidence(new Interval(0.1, 0.2), new Interval(0.3, 0.4), new Interval(1.2, 1.25));

        Assert.Equal(
            "utilisation 0.1 to 0.2; operator calls cost 0.3 to 0.4 of the step; 0.75 to 0.8 of it does not grow with the batch",
            RegimeClassifier.Dispatch(measured, Thresholds.Usual).Because);
        Assert.Equal(
            "utilisation 0.1 to 0.2; operator calls cost 0.3 to 0.4 of the step; (not measured) of it does not grow with the batch",
            RegimeClassifier.Dispatch(measured with { BatchGrowth = null }, Thresholds.Usual).Because);
    }
}

static class Thresholds
{
    /// <summary>The original's: half and four times the cache, half and twice the ridge, a quarter and half of the roof.</summary>
    public static RegimeThresholds Usual { get; } = new(new(0.5, 4), new(0.5, 2), new(0.25, 0.5, 0.5));

    /// <summary>No two edges alike, so that none can stand in for another; all are exact in binary.</summary>
    public static RegimeThresholds AllDifferent { get; } = new(new(0.25, 5), new(0.375, 3), new(0.125, 0.625, 0.75));
}
