using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Compare;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Tests.Classify;

namespace MlPerfEdu.Roofline.Tests.Compare;

public class EvidenceDiffTests
{
    static readonly EvidenceRecord Before = Sample.Evidence();

    [Fact]
    public void A_run_equals_itself()
    {
        var diff = EvidenceDiff.Of(Before, Before);

        Assert.All(diff.Changes, change => Assert.Equal(ChangeKind.Same, change.Kind));
        Assert.Equal("dscnn-kws-train: nothing beyond noise", DiffText.Headline(diff));
    }

    [Fact]
    public void What_one_run_lacks_is_said_of_that_run()
    {
        var unmeasured = Before with
        {
            Measurement = Before.Measurement with { Rounds = [] }, Cost = Before.Cost with { PeakMemoryBytes = 0 },
            Regimes = RegimeDerivation.Derive(Before.Count, Before.Measurement with { Rounds = [] }, Before.Peaks, Before.Thresholds),
        };
        foreach (var (before, after, side) in new[] { (unmeasured, Before, "before"), (Before, unmeasured, "after") })
        {
            var changes = EvidenceDiff.Of(before, after).Changes.ToDictionary(change => change.Subject);
            foreach (var subject in new[] { "step time", "arithmetic_intensity", "dispatch" })
                Assert.EndsWith($": the run {side} did not measure it", changes[subject].Text, StringComparison.Ordinal);
            Assert.Equal($"not known of the run {side}", changes["peak memory"].Text);
        }
        Assert.Equal("measured in neither run", EvidenceDiff.Of(unmeasured, unmeasured).Changes.Single(change => change.Subject == "step time").Text);
    }

    [Fact]
    public void A_requirement_or_a_constraint_that_only_one_run_has_is_named()
    {
        var check = Before.Quality.Target with { Metric = "recall" };
        var more = Before with
        {
            Quality = Before.Quality with { Constraints = [check] },
            Validity = [.. Before.Validity, new("quality recall", true, check.ToString()), new("no leak", true, "0 of 10")],
        };
        var gone = EvidenceDiff.Of(more, Before).Changes.ToDictionary(change => change.Subject, change => change.Text);
        Assert.Equal($"required before only: {check}", gone["recall"]);
        Assert.Equal("checked before only: 0 of 10", gone["no leak"]);
        Assert.StartsWith("not required before", EvidenceDiff.Of(Before, more).Changes.Single(change => change.Subject == "recall").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_slower_step_is_worse_and_says_by_how_much()
    {
        var change = Only(Before with { Measurement = Sample.Measurement(0.052) }, "step time");

        Assert.Equal(ChangeKind.Worse, change.Kind);
        Assert.Equal("40.0 ms → 52.0 ms: slower by 1.30x (1.25x to 1.35x)", change.Text);
    }

    [Fact]
    public void Another_machine_or_thread_count_makes_times_incomparable_and_says_why()
    {
        var machine = MachineRecord.Of(Sample.Facts with { CpuModel = "Model 10" });
        var slower = Before with { Measurement = Sample.Measurement(0.08) };
        var threads = new Dictionary<string, string>(Before.Versions) { ["threads"] = "8" };

        Assert.Contains("not compared: another machine", Only(slower with { Machine = machine }, "step time").Text,
            StringComparison.Ordinal);
        Assert.Equal("40.0 ms → 80.0 ms; not compared: another number of threads",
            Only(slower with { Versions = threads }, "step time").Text);
        Assert.False(EvidenceDiff.Of(Before, slower with { Machine = machine }).Worse);
    }

    [Fact]
    public void Settings_and_libraries_are_named_with_both_values()
    {
        var settings = new Dictionary<string, string>(Before.Settings) { ["batch"] = "16", ["new"] = "1" };
        var versions = new Dictionary<string, string>(Before.Versions) { ["dotnet"] = "11.0.0" };

        Assert.Equal("8 → 16", Only(Before with { Settings = settings }, "batch").Text);
        Assert.Equal("(none) → 1", Only(Before with { Settings = settings }, "new").Text);
        Assert.Equal("10.0.1 → 11.0.0", Only(Before with { Versions = versions }, "version of dotnet").Text);
    }

    [Fact]
    public void Other_losses_are_worse_only_where_they_must_be_equal()
    {
        var other = Before with { TrajectorySha256 = new string('d', 64) };

        Assert.Equal(ChangeKind.Worse, Only(other, "losses").Kind);
        Assert.Equal("not the same, as is to be expected with another seed", Only(other with { Seed = 2 }, "losses").Text);
    }

    [Fact]
    public void A_single_FLOP_is_a_change()
    {
        var layer = Before.Count.Layers[0];
        var more = layer with { Forward = layer.Forward with { Flops = layer.Forward.Flops + 1 } };
        var count = Before.Count with { Layers = [more, .. Before.Count.Layers.Skip(1)] };

        Assert.Equal(ChangeKind.Different, Only(Before with { Count = count }, "FLOP per step").Kind);
    }

    [Theory]
    [InlineData(0.93, 0.89, ChangeKind.Worse, "0.93 → 0.89: now misses at least 0.9")]
    [InlineData(0.89, 0.93, ChangeKind.Better, "0.89 → 0.93: now meets at least 0.9")]
    [InlineData(0.93, 0.91, ChangeKind.Same, "0.93 → 0.91: meets at least 0.9")]
    public void Quality_counts_at_its_limit(double before, double after, ChangeKind kind, string text)
    {
        var diff = EvidenceDiff.Of(Reaching(before), Reaching(after));
        var change = diff.Changes.Single(change => change.Subject == "accuracy");

        Assert.Equal((kind, text), (change.Kind, change.Text));
    }

    [Fact]
    public void Quality_on_other_data_is_not_compared() => Assert.Contains(
        "not compared: another data tier", Only(Before with { Data = Before.Data with { Tier = "embedded" } }, "quality").Text,
            StringComparison.Ordinal);

    [Fact]
    public void A_regime_that_no_longer_holds_is_worse_and_one_that_is_not_excluded_is_unclear()
    {
        var slow = Sample.Measurement(1, doubledSeconds: 2);
        var regimes = RegimeDerivation.Derive(Before.Count, slow, Before.Peaks, Thresholds.Usual);
        var changed = Before with { Measurement = slow, Regimes = regimes };
        var grey = Before.Regimes.Dispatch with { Value = RegimeValue.GreyBand };

        Assert.Equal(ChangeKind.Worse, Only(changed, "dispatch").Kind);
        Assert.StartsWith("device_saturated → kernel_bound: ", Only(changed, "dispatch").Text, StringComparison.Ordinal);
        Assert.Equal(ChangeKind.Unclear, Only(Before with { Regimes = Before.Regimes with { Dispatch = grey } }, "dispatch").Kind);
    }

    [Fact]
    public void Only_a_machine_that_is_used_better_is_a_better_regime()
    {
        var (slow, fast) = (With(RegimeValue.KernelBound), With(RegimeValue.DeviceSaturated));

        Assert.Equal(ChangeKind.Better, Dispatch(slow, fast).Kind);
        Assert.Equal(ChangeKind.Worse, Dispatch(fast, slow).Kind);
        Assert.Equal(ChangeKind.Worse, Dispatch(With(RegimeValue.DispatchBound), slow).Kind);

        static EvidenceRecord With(RegimeValue value) =>
            Before with { Regimes = Before.Regimes with { Dispatch = Before.Regimes.Dispatch with { Value = value } } };
        static Change Dispatch(EvidenceRecord before, EvidenceRecord after) =>
            EvidenceDiff.Of(before, after).Changes.Single(change => change.Subject == "dispatch");
    }

    [Fact]
    public void Regimes_of_another_machine_class_are_shown_and_not_judged()
    {
        var dispatch = Before.Regimes.Dispatch with { Value = RegimeValue.KernelBound };
        var other = Before with
        {
            Machine = MachineRecord.Of(Sample.Facts with { Isa = ["avx2", "avx512f", "fma"] }),
            Regimes = Before.Regimes with { Dispatch = dispatch },
        };

        Assert.NotEqual(Before.Machine.Class, other.Machine.Class);
        Assert.Equal(
            new Change("dispatch", ChangeKind.Unclear, "device_saturated → kernel_bound; not compared: another machine class"),
            Only(other, "dispatch"));
    }

    [Theory]
    [InlineData(500_000_000, 8.0, ChangeKind.Same, ChangeKind.Same)]
    [InlineData(560_000_000, 11.0, ChangeKind.Same, ChangeKind.Same)]
    [InlineData(600_000_000, 13.0, ChangeKind.Worse, ChangeKind.Unclear)]
    [InlineData(400_000_000, 5.0, ChangeKind.Better, ChangeKind.Unclear)]
    [InlineData(0, null, ChangeKind.Unclear, ChangeKind.Worse)]
    public void Memory_counts_when_it_clearly_changes_and_time_to_target_when_it_is_never_met(
        long bytes, double? seconds, ChangeKind memory, ChangeKind time)
    {
        var after = Before with { Cost = Before.Cost with { PeakMemoryBytes = bytes, TimeToTargetSeconds = seconds } };

        Assert.Equal((memory, time), (Only(after, "peak memory").Kind, Only(after, "time to target").Kind));
    }

    [Fact]
    public void Two_workloads_are_refused() => Assert.Throws<ArgumentException>(
        () => EvidenceDiff.Of(Before, Before with { Workload = Before.Workload with { Id = "other" } }));

    [Fact]
    public void Sets_are_paired_by_workload_and_the_rest_is_named()
    {
        var (a, b) = (Before with { Workload = Before.Workload with { Id = "a" } },
            Before with { Workload = Before.Workload with { Id = "b" } });
        var diff = EvidenceSetDiff.Of([Before, a], [b, Before], _ => null);

        Assert.Equal(["dscnn-kws-train"], diff.Pairs.Select(pair => pair.Workload));
        Assert.Equal(["Not compared, because only before: a", "Not compared, because only after: b"], DiffText.Unpaired(diff));
    }

    [Fact]
    public void Markdown_has_the_same_sentences_worst_first_and_no_markup_from_files()
    {
        var settings = new Dictionary<string, string>(Before.Settings) { ["batch"] = "<b>|`x`" };
        var after = Before with { Measurement = Sample.Measurement(0.052), Settings = settings };
        var text = DiffText.Markdown(EvidenceSetDiff.Of([Before], [after], _ => null));

        Assert.StartsWith("### dscnn-kws-train: worse in step time\n", text, StringComparison.Ordinal);
        Assert.Contains("\n- **worse** step time: 40.0 ms → 52.0 ms: slower by 1.30x (1.25x to 1.35x)\n", text, StringComparison.Ordinal);
        Assert.Contains(@"- changed batch: 8 → \<b\>\|\`x\`", text, StringComparison.Ordinal);
        Assert.True(text.IndexOf("worse**", StringComparison.Ordinal) < text.IndexOf("- same", StringComparison.Ordinal));
    }

    static EvidenceRecord Reaching(double accuracy)
    {
        var quality = Before.Quality with { Target = Before.Quality.Target with { Value = accuracy } };
        return Before with { Quality = quality, Validity = QualityValidity.Lines(quality) };
    }

    static Change Only(EvidenceRecord after, string subject) =>
        EvidenceDiff.Of(Before, after).Changes.Single(change => change.Subject == subject);
}
