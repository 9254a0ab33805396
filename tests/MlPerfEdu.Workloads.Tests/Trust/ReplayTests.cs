using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Running;
using MlPerfEdu.Engine.Trust;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Evidence;
using Change = System.Func<MlPerfEdu.Roofline.Evidence.EvidenceRecord, MlPerfEdu.Roofline.Evidence.EvidenceRecord>;

namespace MlPerfEdu.Workloads.Tests.Trust;

/// <summary>One real training of a second, made twice; and edits of it that hashes and consistency cannot find.</summary>
public sealed class ReplayTests(ReplayedTraining training) : IClassFixture<ReplayedTraining>
{
    static readonly IRunProgress Silent = new NoProgress();

    [Fact]
    public void A_run_that_is_made_again_is_the_same_to_the_bit()
    {
        var verdict = new Replay(ThisClone.Catalog, new WorkloadRunner(ThisClone.Repository, ThisClone.Catalog).Repeat)
            .Of("it.json", training.Run, null, training.Folder, Silent, default);
        Assert.True(verdict is { BitForBit: true, Whole: true }, verdict.How);
        Assert.Empty(verdict.Findings);
    }

    [Fact]
    public void Its_first_steps_alone_are_the_same_to_the_bit()
    {
        var verdict = new Replay(ThisClone.Catalog, new WorkloadRunner(ThisClone.Repository, ThisClone.Catalog).Repeat)
            .Of("it.json", training.Run, 10, training.Folder, Silent, default);
        Assert.True(verdict is { BitForBit: true, Whole: false }, verdict.How);
        Assert.Empty(verdict.Findings);
        var first = training.Again(10).Trajectory!;
        Assert.Equal([1, 2, 4, 8, 10], first.Marks.Select(mark => mark.Steps));
        // 500 steps: each mean is that of 8.
        Assert.Equal(training.Run.Trajectory!.Losses!.Means[0], first.Losses!.Means[0]);
        Assert.Equal((8, 63), (training.Run.Trajectory.Losses.Every, training.Run.Trajectory.Losses.Means.Count));
    }

    public static TheoryData<string, Change> Forgeries => new()
    {
        { "quality.curve[19].value", run => Scored(run, 500) },
        { "quality.curve[19].value", run => Scored(run, run.Quality.Target.Value + 1e-9) },
        { "quality.metrics.mean_reward", run => Scored(run, 499.99) },
        { "quality.curve[3].value", run => run with { Quality = run.Quality with { Curve = [.. run.Quality.Curve.Select((point, index) => index == 3 ? point with { Value = 1 } : point)] } } },
        { "trajectory_sha256", run => run with { TrajectorySha256 = new string('a', 64) } },
        { "trajectory.first_losses[0]", run => run with { Trajectory = run.Trajectory! with { FirstLosses = [0.5, .. run.Trajectory.FirstLosses.Skip(1)] } } },
        { "trajectory.marks[9].sha256", run => run with { Trajectory = run.Trajectory! with { Marks = [.. run.Trajectory.Marks.Take(9), new(500, new string('b', 64))] } } },
        { "trajectory.losses.means[30]", run => run with { Trajectory = run.Trajectory! with { Losses = run.Trajectory.Losses! with { Means = [.. run.Trajectory.Losses.Means.Select((mean, index) => index == 30 ? 0.5 * mean : mean)] } } } },
        { "trajectory_sha256", run => run with { Seed = 2 } },
        { "count.layers[1].unique_bytes", run => run with { Count = run.Count with { Layers = [.. run.Count.Layers.Select((layer, index) => index == 1 ? layer with { UniqueBytes = 8 } : layer)] } } },
        { "validity.deciding alone equals the network", run => run with { Validity = [.. run.Validity.Select(line => line.Constraint.StartsWith("deciding", StringComparison.Ordinal) ? line with { Met = false } : line)] } },
    };

    [Theory]
    [MemberData(nameof(Forgeries))]
    public void A_forged_training_is_found_by_its_replay(string field, Change forge)
    {
        var forged = forge(training.Run);
        // Only another seed makes another training; all others are held against the one that was made.
        var replay = new Replay(ThisClone.Catalog, (_, options, _, _) => options.Seed == 1 ? training.Run : training.Again(seed: options.Seed));
        var verdict = replay.Of("forged.json", forged, null, training.Folder, Silent, default);
        Assert.Contains(verdict.Findings, finding => finding.Field == field);
        Assert.All(verdict.Findings, finding => Assert.Equal("MLP3019", finding.Code));
        var believed = TrustVerdict.Of("forged.json", [], [], null);
        Assert.False(believed.With(verdict).Holds);
        Assert.True(believed.With(verdict).Level < TrustLevel.Consistent);
    }

    [Fact]
    public void Elsewhere_the_score_may_differ_as_much_as_those_of_the_reference_seeds_and_no_more()
    {
        var elsewhere = training.Run with { Versions = new Dictionary<string, string>(training.Run.Versions) { ["threads"] = "64" } };
        Assert.Empty(Verdict(elsewhere, training.Run).Findings);
        Assert.False(Verdict(elsewhere, training.Run).BitForBit);
        Assert.Contains("threads 64", Verdict(elsewhere, training.Run).How);

        var spread = ThisClone.Entry(ReplayedTraining.Id).Data[0].Reference!.Values is var values ? values.Max() - values.Min() : 0;
        Assert.Empty(Verdict(Scored(elsewhere, training.Run.Quality.Target.Value - 0.9 * spread), training.Run).Findings);
        Assert.Equal("quality.target.value", Assert.Single(Verdict(Scored(elsewhere, training.Run.Quality.Target.Value - 1.1 * spread), training.Run).Findings).Field);
        var losses = training.Run.Trajectory!.FirstLosses;
        Assert.Equal("trajectory.first_losses[1]", Assert.Single(Verdict(
            elsewhere with { Trajectory = new([losses[0], 1.02 * losses[1], .. losses.Skip(2)], training.Run.Trajectory.Marks) }, training.Run).Findings).Field);

        static ReplayVerdict Verdict(EvidenceRecord stated, EvidenceRecord again) =>
            new Replay(ThisClone.Catalog, (_, _, _, _) => again).Of("it.json", stated, null, "", Silent, default);
    }

    [Fact]
    public void A_whole_replay_raises_a_sidecar_and_takes_from_its_claims()
    {
        var verdict = TrustVerdict.Of("it.json", [], Claims.Of(training.Run), null);
        var whole = verdict.With(new(true, "bit for bit", Whole: true, []));
        Assert.Equal(TrustLevel.Replayed, whole.Level);
        Assert.Contains("quality.curve[*].value", verdict.Claimed);
        Assert.DoesNotContain("quality.curve[*].value", whole.Claimed);
        Assert.Contains("measurement.rounds", whole.Claimed);
        // A score within a tolerance is still a claim.
        Assert.Contains("quality.curve[*].value", verdict.With(new(false, "elsewhere", Whole: true, [])).Claimed);
        Assert.Equal(TrustLevel.Consistent, verdict.With(new(true, "the first 10 steps", Whole: false, [])).Level);
    }

    static EvidenceRecord Scored(EvidenceRecord run, double score)
    {
        var (quality, target) = (run.Quality, run.Quality.Target with { Value = score });
        return run with
        {
            Quality = quality with
            {
                Target = target,
                Curve = [.. quality.Curve.SkipLast(1), quality.Curve[^1] with { Value = score }],
                Metrics = new Dictionary<string, double>(quality.Metrics) { [target.Metric] = score },
            },
        };
    }
}

/// <summary>A simulation, which every machine has, trained for a second.</summary>
public sealed class ReplayedTraining : IDisposable
{
    public const string Id = "micro-rl-train";

    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mlperfedu-replay-");
    EvidenceRecord? run;

    public string Folder => folder.FullName;
    public EvidenceRecord Run => run ??= Again();

    public EvidenceRecord Again(long? steps = null, int seed = 1) => new WorkloadRunner(ThisClone.Repository, ThisClone.Catalog).Repeat(
        ThisClone.Entry(Id), new RunOptions { Seed = seed, Steps = steps, EvidenceFolder = Folder }, new NoProgress());

    public void Dispose() => folder.Delete(recursive: true);
}

sealed class NoProgress : IRunProgress
{
    public void Report(string phase, double share, string detail)
    {
    }
}
