using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Roofline.Tests.Evidence;

public class RegimeBaselineTests
{
    // 3.2 FLOP per byte at a ridge of 10: bandwidth_bound.
    static readonly EvidenceRecord Baseline = Sample.Evidence();

    [Fact]
    public void The_same_counts_under_another_ridge_are_no_change()
    {
        var now = Derived(Baseline with { Measurement = WithMemory(16) });
        Assert.Equal(RegimeValue.ComputeBound, now.Regimes.ArithmeticIntensity.Value);

        var comparison = RegimeBaseline.Compare(Baseline, now, RegimeAxis.ArithmeticIntensity);

        Assert.Equal(RegimeOutcome.NotExcluded, comparison.Outcome);
        Assert.Contains("measured compute_bound, expected bandwidth_bound", comparison.Message, StringComparison.Ordinal);
        Assert.Contains("FLOP/byte of the expectation are compute_bound under these roofs, too", comparison.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0.125)]
    public void Other_counts_are_a_change_under_any_ridge(double memory)
    {
        var now = Derived(Baseline with { Count = WithFlops(400), Measurement = WithMemory(memory) });
        Assert.Equal(RegimeValue.ComputeBound, now.Regimes.ArithmeticIntensity.Value);

        Assert.True(RegimeBaseline.Compare(Baseline, now, RegimeAxis.ArithmeticIntensity).Fails);
    }

    [Fact]
    public void A_working_set_needs_no_roof()
    {
        var cache = Baseline with { Regimes = Baseline.Regimes with { WorkingSet = Surely(RegimeAxis.WorkingSet, RegimeValue.CacheResident, 0.1) } };
        var now = Baseline with
        {
            Regimes = Baseline.Regimes with { WorkingSet = Surely(RegimeAxis.WorkingSet, RegimeValue.DramBound, 9) }, Measurement = WithMemory(0.25),
        };

        Assert.True(RegimeBaseline.Compare(cache, now, RegimeAxis.WorkingSet).Fails);
    }

    [Theory]
    [InlineData(1, RegimeOutcome.Changed)]
    [InlineData(0.5, RegimeOutcome.NotExcluded)]
    public void Another_use_of_the_machine_is_a_change_under_like_roofs(double memory, RegimeOutcome outcome)
    {
        var slow = Baseline with
        {
            Regimes = Baseline.Regimes with { Dispatch = Surely(RegimeAxis.Dispatch, RegimeValue.KernelBound, 0.01) }, Measurement = WithMemory(memory),
        };

        var comparison = RegimeBaseline.Compare(Baseline, slow, RegimeAxis.Dispatch);

        Assert.Equal(outcome, comparison.Outcome);
        Assert.Equal(outcome == RegimeOutcome.NotExcluded, comparison.Message.Contains("But the memory roof is at", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1.8, RegimeOutcome.NotExcluded)]
    [InlineData(5, RegimeOutcome.Changed)]
    public void A_baseline_without_a_verdict_is_left_by_a_step_that_is_far_slower_only(double slower, RegimeOutcome outcome)
    {
        var baseline = Baseline with { Regimes = Baseline.Regimes with { Dispatch = Surely(RegimeAxis.Dispatch, RegimeValue.GreyBand, 0.18) } };
        var now = Baseline with
        {
            Regimes = Baseline.Regimes with { Dispatch = Surely(RegimeAxis.Dispatch, RegimeValue.KernelBound, 0.01) },
            Measurement = Baseline.Measurement with
            {
                Rounds = [.. Baseline.Measurement.Rounds.Select(round => round with { StepSeconds = [.. round.StepSeconds.Select(step => slower * step)] })],
            },
        };

        var comparison = RegimeBaseline.Compare(baseline, now, RegimeAxis.Dispatch);

        Assert.Equal(outcome, comparison.Outcome);
        Assert.Equal(outcome == RegimeOutcome.NotExcluded, comparison.Message.Contains("less than 2 times apart", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_kept_says_no_more_than_that() =>
        Assert.Equal(RegimeOutcome.Kept, RegimeBaseline.Compare(Baseline, Baseline, RegimeAxis.Dispatch).Outcome);

    static RegimeVerdict Surely(RegimeAxis axis, RegimeValue value, double measured) =>
        new(axis, value, "quantity", new Interval(measured, measured), true, "the rule", "the numbers");

    static EvidenceRecord Derived(EvidenceRecord record) =>
        record with { Regimes = RegimeDerivation.Derive(record.Count, record.Measurement, record.Peaks, record.Thresholds) };

    static StepCount WithFlops(long times) => Baseline.Count with
    {
        Layers = [.. Baseline.Count.Layers.Select(layer => layer with { Forward = layer.Forward with { Flops = times * layer.Forward.Flops } })],
    };

    static StepMeasurement WithMemory(double times)
    {
        var usual = Sample.Measurement(0.04);
        return usual with
        {
            Rounds = [.. usual.Rounds.Select(round => round with
            {
                Calibration = round.Calibration with
                {
                    MemoryTriadBytes = times * round.Calibration.MemoryTriadBytes, CacheTriadBytes = times * round.Calibration.CacheTriadBytes,
                },
            })],
        };
    }
}

public class RoofShiftTests
{
    static readonly EvidenceRecord Baseline = Sample.Evidence();

    [Theory]
    [InlineData(1, false)]
    [InlineData(1.49, false)]
    [InlineData(1 / 1.49, false)]
    [InlineData(1.51, true)]
    [InlineData(1 / 1.51, true)]
    public void Roofs_half_as_high_again_are_others(double slowness, bool shifted) =>
        Assert.Equal(shifted, RoofShift.Between(Baseline, Measured(slowness)) is not null);

    [Fact]
    public void It_names_the_roof_with_both_heights()
    {
        var before = Roofs(Baseline);
        var text = RoofShift.Between(Baseline, Measured(2));

        Assert.Equal(
            FormattableString.Invariant($"the compute roof is at {before.Compute.Middle / 2e9:0.0} GFLOP/s, and was at {before.Compute.Middle / 1e9:0} GFLOP/s"),
            text);
    }

    [Fact]
    public void The_memory_roof_counts_too()
    {
        var slow = Sample.Measurement(0.04);
        var now = Baseline with
        {
            Measurement = slow with
            {
                Rounds = [.. slow.Rounds.Select(round => round with
                {
                    Calibration = round.Calibration with
                    {
                        MemoryTriadBytes = round.Calibration.MemoryTriadBytes / 2, CacheTriadBytes = round.Calibration.CacheTriadBytes / 2,
                    },
                })],
            },
        };

        Assert.StartsWith("the memory roof", RoofShift.Between(Baseline, now), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_not_measured_has_no_roofs() =>
        Assert.Null(RoofShift.Between(Baseline, Baseline with { Measurement = Sample.Measurement(0.04) with { Rounds = [] } }));

    static EvidenceRecord Measured(double slowness) => Baseline with { Measurement = Sample.Measurement(0.04, slowness) };

    static RooflinePoint Roofs(EvidenceRecord record) =>
        RooflinePoint.From(record.Count, record.Measurement, record.Peaks, record.Regimes[RegimeAxis.WorkingSet].Value)!;
}
