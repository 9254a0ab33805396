using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Report;

namespace MlPerfEdu.Roofline.Tests.Report;

public class NormalisedEvidenceTests
{
    static readonly Dictionary<RegimeAxis, RegimeValue> NoBaseline = [];

    [Fact]
    public void Portable_text_is_the_same_after_another_run_on_another_machine()
    {
        var record = Sample.Evidence();
        var other = record with
        {
            MeasuredAt = "2027-01-01T00-00-00Z",
            Machine = MachineRecord.Of(Sample.Facts with { CpuModel = "Model 10", Isa = ["avx512f"] }),
            Measurement = Sample.Measurement(0.9, 3),
            Quality = record.Quality with { Target = record.Quality.Target with { Value = 0.99 }, Curve = [] },
            Cost = new(1, 1, 1, 1),
            TrajectorySha256 = new string('d', 64),
            Seed = 9,
        };

        Assert.Equal(NormalisedEvidence.Portable(record), NormalisedEvidence.Portable(other));
    }

    [Fact]
    public void Portable_text_has_what_a_reviewer_asks()
    {
        var text = NormalisedEvidence.Portable(Sample.Evidence());

        Assert.StartsWith(
            "workload: dscnn-kws-train (tiny)\ndata: speech (real)\ntarget: accuracy at least 0.9\nalso: worst_recall at least 0.5\nverdict: met\n"
            + "batch: 8\nparameters: 19,932\nforward MAC per sample: 18,288,576\n",
            text, StringComparison.Ordinal);
        Assert.Contains("| head ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("0.93", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missed_constraint_is_a_missed_verdict()
    {
        var record = Sample.Evidence();
        var missed = record with { Quality = record.Quality with { Constraints = [new("worst_recall", QualityBound.AtLeast, 0.5, 0.4)] } };

        Assert.Contains("verdict: missed", NormalisedEvidence.Portable(missed), StringComparison.Ordinal);
    }

    [Fact]
    public void Machine_class_text_has_values_and_rules_but_no_measured_number()
    {
        var text = NormalisedEvidence.MachineClass(Sample.Evidence(), NoBaseline);

        Assert.Equal(
            """
            workload: dscnn-kws-train
            machine class: linux-x64-avx2-llc16m
            working_set: grey_band
                unique bytes per step / last-level cache: not surely <= 0.5 or >= 4
            arithmetic_intensity: bandwidth_bound
                FLOP per byte / ridge < 0.5
            dispatch: device_saturated
                utilisation >= 0.5

            """, text);
    }

    [Fact]
    public void An_axis_that_is_kept_shows_the_baseline_and_its_rule()
    {
        var text = NormalisedEvidence.MachineClass(
            Sample.Evidence(), new Dictionary<RegimeAxis, RegimeValue> { [RegimeAxis.WorkingSet] = RegimeValue.DramBound });

        Assert.Contains("working_set: dram_bound\n    unique bytes per step / last-level cache >= 4\n", text, StringComparison.Ordinal);
        Assert.Contains("arithmetic_intensity: bandwidth_bound\n", text, StringComparison.Ordinal);
    }
}
