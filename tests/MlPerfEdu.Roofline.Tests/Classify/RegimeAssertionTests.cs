using MlPerfEdu.Roofline.Classify;

namespace MlPerfEdu.Roofline.Tests.Classify;

public class RegimeAssertionTests
{
    [Theory]
    [InlineData(null, RegimeValue.DramBound, RegimeOutcome.NoBaseline)]
    [InlineData(RegimeValue.DramBound, RegimeValue.DramBound, RegimeOutcome.Kept)]
    [InlineData(RegimeValue.GreyBand, RegimeValue.GreyBand, RegimeOutcome.Kept)]
    [InlineData(RegimeValue.DramBound, RegimeValue.GreyBand, RegimeOutcome.NotExcluded)]
    [InlineData(RegimeValue.DramBound, RegimeValue.Unmeasured, RegimeOutcome.NotExcluded)]
    [InlineData(RegimeValue.Unmeasured, RegimeValue.DramBound, RegimeOutcome.NotExcluded)]
    [InlineData(RegimeValue.DramBound, RegimeValue.CacheResident, RegimeOutcome.Changed)]
    public void Only_another_value_that_is_surely_measured_fails(RegimeValue? expected, RegimeValue measured, RegimeOutcome outcome)
    {
        var comparison = RegimeAssertion.Compare(expected, Measured(measured), Thresholds.Usual);

        Assert.Equal(outcome, comparison.Outcome);
        Assert.Equal(outcome == RegimeOutcome.Changed, comparison.Fails);
    }

    // The edges: working set ½ and 4, intensity ½ and 2, dispatch ¼ and ½; the band reaches twice as far for a baseline in it.
    [Theory]
    [InlineData(RegimeValue.CacheResident, 0.2, 0.25, RegimeOutcome.NotExcluded)]
    [InlineData(RegimeValue.CacheResident, 0.2, 0.24, RegimeOutcome.Changed)]
    [InlineData(RegimeValue.DramBound, 8.0, 9, RegimeOutcome.NotExcluded)]
    [InlineData(RegimeValue.DramBound, 8.1, 9, RegimeOutcome.Changed)]
    [InlineData(RegimeValue.BandwidthBound, 0.1, 0.25, RegimeOutcome.NotExcluded)]
    [InlineData(RegimeValue.BandwidthBound, 0.1, 0.24, RegimeOutcome.Changed)]
    [InlineData(RegimeValue.ComputeBound, 4.0, 9, RegimeOutcome.NotExcluded)]
    [InlineData(RegimeValue.ComputeBound, 4.1, 9, RegimeOutcome.Changed)]
    [InlineData(RegimeValue.KernelBound, 0.1, 0.125, RegimeOutcome.NotExcluded)]
    [InlineData(RegimeValue.DispatchBound, 0.1, 0.124, RegimeOutcome.Changed)]
    [InlineData(RegimeValue.DeviceSaturated, 1.0, 1.1, RegimeOutcome.NotExcluded)]
    [InlineData(RegimeValue.DeviceSaturated, 1.01, 1.1, RegimeOutcome.Changed)]
    public void A_baseline_in_the_grey_band_is_excluded_only_by_what_is_clear_of_it(
        RegimeValue measured, double low, double high, RegimeOutcome outcome)
    {
        var axis = Enum.GetValues<RegimeAxis>().Single(candidate => RegimeNames.ValuesOf(candidate).Contains(measured));
        var verdict = Measured(measured) with { Axis = axis, Measured = new Interval(low, high) };

        Assert.Equal(outcome, RegimeAssertion.Compare(RegimeValue.GreyBand, verdict, Thresholds.Usual).Outcome);
    }

    [Theory]
    // Exactly twice outside is not yet more than twice.
    [InlineData(0.25, 0.25, false)]
    [InlineData(0.2, 0.2499, true)]
    [InlineData(8, 9, false)]
    [InlineData(8.001, 9, true)]
    public void Clear_of_the_band_is_strictly_outside(double low, double high, bool clear)
    {
        var verdict = Measured(RegimeValue.CacheResident) with { Measured = new Interval(low, high) };

        Assert.Equal(clear, Thresholds.Usual.IsClearOfGrey(verdict, 2));
        Assert.False(Thresholds.Usual.IsClearOfGrey(verdict with { Measured = null }, 2));
    }

    [Fact]
    public void A_change_names_both_values_the_rule_and_the_numbers()
    {
        var message = RegimeAssertion.Compare(RegimeValue.DramBound, Measured(RegimeValue.CacheResident), Thresholds.Usual).Message;

        Assert.Contains("working_set: measured cache_resident, expected dram_bound", message, StringComparison.Ordinal);
        Assert.Contains("the rule", message, StringComparison.Ordinal);
        Assert.Contains("the numbers", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RegimeAxis.WorkingSet, "cache_resident", RegimeValue.CacheResident)]
    [InlineData(RegimeAxis.ArithmeticIntensity, "bandwidth_bound", RegimeValue.BandwidthBound)]
    [InlineData(RegimeAxis.Dispatch, "kernel_bound", RegimeValue.KernelBound)]
    [InlineData(RegimeAxis.Dispatch, "grey_band", RegimeValue.GreyBand)]
    public void Names_are_read_and_written_alike(RegimeAxis axis, string name, RegimeValue value)
    {
        Assert.Equal(value, RegimeNames.Parse(axis, name));
        Assert.Equal(name, value.Name());
    }

    [Fact]
    public void A_value_of_another_axis_is_refused_with_the_valid_ones()
    {
        var error = Assert.Throws<FormatException>(() => RegimeNames.Parse(RegimeAxis.WorkingSet, "compute_bound"));

        Assert.Equal(
            "'compute_bound' is not a value of working_set; write one of cache_resident, dram_bound, grey_band, unmeasured.", error.Message);
    }

    static RegimeVerdict Measured(RegimeValue value) =>
        new(RegimeAxis.WorkingSet, value, "quantity", new Interval(1, 2), true, "the rule", "the numbers");
}
