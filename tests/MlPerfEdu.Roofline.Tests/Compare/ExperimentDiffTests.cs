using MlPerfEdu.Roofline.Compare;
using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Roofline.Tests.Compare;

public class ExperimentDiffTests
{
    const double Mebi = 1 << 20;

    static readonly string[] Parts = [.. Enumerable.Range(0, 30).Select(part => $"part {part}")];

    [Fact]
    public void Runs_that_differ_by_noise_only_are_no_change()
    {
        for (var pair = 0; pair < 20; pair++)
        {
            var diff = SampleExperiment.Diff(Run(2 * pair), Run(2 * pair + 1));

            Assert.All(diff.Changes, change => Assert.Equal((change.Subject, ChangeKind.Same), (change.Subject, change.Kind)));
            Assert.Equal("asked: nothing beyond noise", DiffText.Headline(diff));
        }
    }

    [Fact]
    public void A_part_that_takes_longer_is_worse_and_the_only_one()
    {
        for (var pair = 0; pair < 20; pair++)
        {
            Finding[] slower = [.. Run(2 * pair + 1).SkipLast(1), SampleExperiment.Time(Parts[^1], 0.013, 1000 + pair)];
            var diff = SampleExperiment.Diff(Run(2 * pair), slower);

            Assert.Equal("asked: worse in part 29", DiffText.Headline(diff));
            Assert.Contains(": slower by 1.", diff.Changes.Single(change => change.Subject == Parts[^1]).Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_machine_that_is_slower_as_a_whole_is_no_change_of_a_part()
    {
        var change = Only(SampleExperiment.Time("part", 0.01, 1), SampleExperiment.Time("part", 0.01, 2, machine: 1.3));

        Assert.Equal(ChangeKind.Same, change.Kind);
        Assert.Contains("10.1 ms → 13.3 ms", change.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, ChangeKind.Unclear)]
    [InlineData(true, ChangeKind.Worse)]
    public void Load_explains_what_several_threads_did_more_slowly(bool oneThread, ChangeKind expected)
    {
        var diff = SampleExperiment.Diff(
            [SampleExperiment.Time("part", 0.01, 1, oneThread: oneThread)], [SampleExperiment.Time("part", 0.02, 2, oneThread: oneThread)],
            after => after with { QueuedSeconds = 6 });

        Assert.Equal(expected, diff.Changes.Single(change => change.Subject == "part").Kind);
    }

    [Theory]
    [InlineData(9, 11, true, ChangeKind.Same, "no change beyond noise")]
    [InlineData(4, 5, true, ChangeKind.Worse, "8 MiB to 10 MiB → 4 MiB to 5 MiB: ends earlier, at 0.50x of the size")]
    [InlineData(20, 25, true, ChangeKind.Better, "ends later, at 2.50x of the size")]
    [InlineData(4, 5, false, ChangeKind.Unclear, "not every part of the repeats has it")]
    public void A_knee_that_moves_out_of_its_range_has_changed(double low, double high, bool steady, ChangeKind kind, string text)
    {
        var change = Only(Knee(8, 10), Knee(low, high, steady));

        Assert.Equal(kind, change.Kind);
        Assert.Contains(text, change.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, ChangeKind.Unclear)]
    [InlineData(false, ChangeKind.Same)]
    public void A_knee_of_one_run_only_is_named_and_a_weak_one_is_noise(bool steady, ChangeKind kind)
    {
        var (gone, added) = (SampleExperiment.Diff([Knee(0.8, 1, steady)], []), SampleExperiment.Diff([], [Knee(0.8, 1, steady)]));

        Assert.Equal((kind, kind), (Knees(gone).Kind, Knees(added).Kind));
        Assert.StartsWith("only before, at ", Knees(gone).Text, StringComparison.Ordinal);
        Assert.StartsWith("only after, at ", Knees(added).Text, StringComparison.Ordinal);

        static Change Knees(EvidenceDiff diff) => diff.Changes.Single(change => change.Subject == "end of L2");
    }

    [Theory]
    [InlineData(true, 1e-7, false, 1e-3, ChangeKind.Worse, "flipped")]
    [InlineData(false, 1e-3, true, 1e-7, ChangeKind.Better, "as expected again")]
    [InlineData(true, 1e-7, true, 2e-7, ChangeKind.Different, "one number each, so no spread is known")]
    [InlineData(true, 1e-7, true, 1e-7, ChangeKind.Same, "error 1E-07")]
    public void What_is_known_counts_by_its_verdict(bool was, double error, bool now, double other, ChangeKind kind, string text)
    {
        var change = Only(Known(was, error), Known(now, other));

        Assert.Equal(kind, change.Kind);
        Assert.Contains(text, change.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_found_on_one_side_only_is_named()
    {
        var part = SampleExperiment.Time("part", 0.01, 1);

        Assert.Equal("only before", SampleExperiment.Diff([part], []).Changes.Single(change => change.Subject == "part").Text);
        Assert.Equal("only after", SampleExperiment.Diff([], [part]).Changes.Single(change => change.Subject == "part").Text);
        Assert.True(SampleExperiment.Diff([], [Known(false, 1)]).Worse);
    }

    [Fact]
    public void An_answer_to_another_wording_is_not_compared_and_its_side_is_named()
    {
        var change = SampleExperiment.Diff(null, [Knee(1, 2)]).Changes.Single(change => change.Subject == "findings");

        Assert.Equal(ChangeKind.Unclear, change.Kind);
        Assert.Contains("the run before had another wording", change.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_another_machine_only_what_is_known_is_compared()
    {
        var diff = SampleExperiment.Diff(
            [Knee(1, 2), Known(true, 1e-7)], [Knee(4, 5), Known(false, 1)],
            after => after with { Machine = MachineRecord.Of(Sample.Facts with { CpuModel = "Model 10" }) });

        Assert.Equal("asked: worse in known", DiffText.Headline(diff));
        var findings = diff.Changes.Single(change => change.Subject == "findings");
        Assert.Contains("not compared: another machine", findings.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_bound_of_a_metric_is_held_against_itself()
    {
        var diff = SampleExperiment.Diff([], [], after => after with
        {
            Checks = [SampleExperiment.Record.Checks[0], SampleExperiment.Record.Checks[1] with { Value = 1.2 }],
        });

        Assert.Equal(
            ["0.9, unchanged: meets at least 0.5", "0.9 → 1.2: now misses at most 1.1"],
            diff.Changes.Where(change => change.Subject == "share").Select(change => change.Text));
    }

    [Fact]
    public void What_stayed_is_one_line_for_people_and_complete_in_the_document()
    {
        var diff = SampleExperiment.Diff(Run(1), Run(2));

        Assert.Equal(Parts.Length, diff.Changes.Count(change => change.Group == "times"));
        var line = DiffText.Lines(diff).Single(line => line.Text.Contains("part 7", StringComparison.Ordinal));
        Assert.Contains("same     times: 30 without a change beyond noise: part 0; part 1; ", line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Experiments_and_workloads_are_paired_side_by_side()
    {
        var (workload, asked) = (Sample.Evidence(), SampleExperiment.Record);
        var other = asked with { Experiment = asked.Experiment with { Id = "other" } };
        var diff = EvidenceSetDiff.Of([workload, asked], [other, asked, workload], _ => []);

        Assert.Equal(["asked", "dscnn-kws-train"], diff.Pairs.Select(pair => pair.Workload));
        Assert.Equal(["Not compared, because only after: other"], DiffText.Unpaired(diff));
    }

    [Fact]
    public void An_id_that_became_an_experiment_is_no_pair()
    {
        var workload = Sample.Evidence() with { Workload = SampleExperiment.Record.Experiment };
        var diff = EvidenceSetDiff.Of([workload], [SampleExperiment.Record], _ => []);

        Assert.Empty(diff.Pairs);
        Assert.Equal("asked", diff.OnlyBefore.Single());
        Assert.Equal("asked", diff.OnlyAfter.Single());
    }

    static Finding[] Run(int seed) => [.. Parts.Select((part, index) => SampleExperiment.Time(part, 0.01, 100 * seed + index))];

    static KneeFinding Knee(double low, double high, bool steady = true) => new("end of L2", new Interval(low * Mebi, high * Mebi), steady);

    static KnownFinding Known(bool asExpected, double error) =>
        new("known", asExpected, error, FormattableString.Invariant($"error {error}"));

    static Change Only(Finding before, Finding after) =>
        SampleExperiment.Diff([before], [after]).Changes.Single(change => change.Subject == before.Name);
}

/// <summary>An experiment that nobody ran, and findings of it.</summary>
static class SampleExperiment
{
    const int Rounds = 16;

    public static ExperimentRecord Record { get; } = new()
    {
        Schema = ExperimentRecord.CurrentSchema,
        Experiment = new("asked", "machine", new string('a', 64)),
        MeasuredAt = "2026-01-31T12-30-00Z",
        Settings = new Dictionary<string, string> { ["geometry.size"] = "8" },
        Versions = new Dictionary<string, string> { ["dotnet"] = "10.0.1", ["threads"] = "2" },
        Source = new("0123456789012345678901234567890123456789", false),
        Machine = MachineRecord.Of(Sample.Facts),
        Points = [],
        Metrics = new Dictionary<string, double> { ["share"] = 0.9 },
        Checks = [new("share", QualityBound.AtLeast, 0.5, 0.9), new("share", QualityBound.AtMost, 1.1, 0.9)],
        Seconds = 10,
        QueuedSeconds = 0.1,
        PeakMemoryBytes = 500_000_000,
    };

    /// <param name="seed">Of a noise of a few percent, and of now and then much more.</param>
    public static TimeFinding Time(string name, double seconds, int seed, double machine = 1, bool oneThread = false)
    {
        var random = new Random(seed);
        return new(
            name,
            [.. Enumerable.Range(0, Rounds).Select(_ => new TimedRound([Sample(), Sample()], machine * Noise()))],
            oneThread, Units.Seconds);

        double Sample() => seconds * machine * Noise();

        double Noise() => 1 + 0.03 * random.NextDouble() + (random.NextDouble() < 0.1 ? random.NextDouble() : 0);
    }

    /// <summary>What is said of the run with these findings, after one with those.</summary>
    public static EvidenceDiff Diff(
        IReadOnlyList<Finding>? before, IReadOnlyList<Finding>? after, Func<ExperimentRecord, ExperimentRecord>? change = null)
    {
        var later = Record with { MeasuredAt = "2026-02-01T12-30-00Z" };
        return EvidenceDiff.Of(
            Record, change is null ? later : change(later), record => record.MeasuredAt == Record.MeasuredAt ? before : after);
    }
}
