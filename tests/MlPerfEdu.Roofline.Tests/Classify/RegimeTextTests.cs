using MlPerfEdu.Roofline.Classify;

namespace MlPerfEdu.Roofline.Tests.Classify;

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
