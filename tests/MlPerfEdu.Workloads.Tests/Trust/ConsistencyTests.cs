using MlPerfEdu.Engine.Trust;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Load;
using Change = System.Func<MlPerfEdu.Roofline.Evidence.EvidenceRecord, MlPerfEdu.Roofline.Evidence.EvidenceRecord>;

namespace MlPerfEdu.Workloads.Tests.Trust;

/// <summary>One careful forgery for each thing that is derived again: hashes, verdicts and validity are right, the named field is not.</summary>
public sealed class ConsistencyTests : IDisposable
{
    const string Training = "anomaly-ae-train", Small = "dscnn-kws-train", Answering = "nanogpt-decode", Experiment = "cache-probe";

    readonly string folder = Directory.CreateTempSubdirectory("mlperfedu-trust-").FullName;
    readonly TrustCheck check = new(ThisClone.Catalog);

    [Fact]
    public void Every_committed_sidecar_is_consistent()
    {
        var verdicts = Committed.Paths.Select(path => check.Of(path).Verdict).ToList();
        Assert.True(verdicts.Count > 20);
        Assert.All(verdicts, verdict => Assert.True(verdict.Holds, string.Join('\n', verdict.Findings)));
        Assert.All(verdicts, verdict => Assert.True(verdict.Level == TrustLevel.Consistent, $"{verdict.Path}: {verdict.Limit}"));
    }

    // The hole of before: a score beside its limit, with every hash, verdict and line in place.
    public static TheoryData<string, string, Change> Forgeries => new()
    {
        { Training, "quality.target.limit", run => Scored(run, run.Quality.Target with { Limit = 0.1, Value = 0.2 }, run.Quality.Curve) },
        { Training, "quality.target.value", run => Scored(run, run.Quality.Target with { Value = 0.9999 }, run.Quality.Curve) },
        { Training, "quality.metrics.auroc", run => run with { Quality = run.Quality with { Metrics = With(run.Quality.Metrics, "auroc", 0.9999) } } },
        { Training, "quality.constraints[0]", run => run with { Quality = run.Quality with { Constraints = [] }, Validity = [.. run.Validity.Where(line => line.Constraint != "quality normal_mse")] } },
        { Training, "quality.constraints[1]", run => run with { Quality = run.Quality with { Constraints = [.. run.Quality.Constraints, run.Quality.Target] } } },
        { Training, "quality.curve[0]", run => run with { Quality = run.Quality with { Curve = [.. run.Quality.Curve.Skip(1)] } } },
        { Training, "cost.time_to_target_seconds", run => run with { Cost = run.Cost with { TimeToTargetSeconds = null } } },
        { Training, "cost.time_to_target_seconds", run => run with { Cost = run.Cost with { TimeToTargetSeconds = 2 * run.Cost.TrainSeconds } } },
        { Small, "cost.time_to_target_seconds", run => Scored(run, run.Quality.Target with { Value = 0.5 }, [.. run.Quality.Curve.Select(point => point with { Value = 0.5 })]) },
        { Training, "cost.budget", run => run with { Cost = run.Cost with { Budget = null }, Validity = [.. run.Validity.Where(line => line.Constraint != BudgetValidity.Memory)] } },
        { Training, "cost.peak_memory_bytes", run => run with { Cost = run.Cost with { PeakMemoryBytes = 2 * run.Machine.Facts.MemoryBytes } } },
        { Training, "cost.peak_memory_bytes", run => run with { Cost = run.Cost with { PeakMemoryBytes = 1000 } } },
        { Training, "cost.measuring_seconds", run => run with { Cost = run.Cost with { MeasuringSeconds = 1 } } },
        { Training, "cost.train_seconds", run => run with { Cost = run.Cost with { TrainSeconds = 0.01, TimeToTargetSeconds = 0.005 } } },
        { Training, "workload.suite", run => run with { Workload = run.Workload with { Suite = "cloud" } } },
        { Training, "settings.recipe.Epochs", run => run with { Settings = With(run.Settings, "recipe.Epochs", "2") } },
        { Training, "settings.note", run => run with { Settings = With(run.Settings, "note", "nothing special") } },
        { Training, "thresholds.dispatch.saturated_from", run => run with { Thresholds = run.Thresholds with { Dispatch = run.Thresholds.Dispatch with { SaturatedFrom = 0.4 } } } },
        { Training, "data.dataset", run => run with { Data = run.Data with { Dataset = "cora" } } },
        { Small, "data.tier", run => run with { Data = run.Data with { Tier = "real" } } },
        { Training, "data.files.train-labels-idx1-ubyte.gz", run => run with { Data = run.Data with { Files = With(run.Data.Files, "train-labels-idx1-ubyte.gz", new string('0', 64)) } } },
        { Training, "data.files.t10k-images-idx3-ubyte.gz", run => run with { Data = run.Data with { Files = new Dictionary<string, string>() } } },
        { Training, "seed", run => run with { Seed = (1L << 32) + 1 } },
        { Training, "measured_at", run => run with { MeasuredAt = "2999-01-01T00-00-00Z" } },
        { Training, "peaks.measured_at", run => run with { Peaks = run.Peaks with { MeasuredAt = "2998-01-01T00-00-00Z" } } },
        { Training, "peaks.backend", run => run with { Peaks = run.Peaks with { Backend = "TorchSharp 9" } } },
        { Training, "peaks.threads", run => run with { Versions = With(run.Versions, "threads", "1") } },
        { Training, "versions.threads", run => run with { Versions = With(run.Versions, "threads", "64") } },
        { Training, "peaks.last_level_cache.knee", run => run with { Peaks = run.Peaks with { LastLevelCache = run.Peaks.LastLevelCache with { Knee = new(1e6, 2e6) } } } },
        { Training, "peaks.last_level_cache.stated_bytes", run => run with { Peaks = run.Peaks with { LastLevelCache = run.Peaks.LastLevelCache with { StatedBytes = 1 << 20 } } } },
        { Training, "source", run => run with { Source = new("main", false) } },
        { Training, "trajectory_sha256", run => run with { TrajectorySha256 = "as before" } },
        { Training, "measurement.confidence", run => run with { Measurement = run.Measurement with { Confidence = 0.5 } } },
        { Training, "measurement.recording", run => run with { Measurement = run.Measurement with { RecordedCalls = null } } },
        { Training, "measurement.measuring_seconds", run => run with { Measurement = run.Measurement with { MeasuringSeconds = 0.1 }, Cost = run.Cost with { MeasuringSeconds = 0.1 } } },
        { Training, "measurement.rounds[0].seconds", run => WithRounds(run, round => round with { Seconds = round.Seconds / 2 }) },
        { Training, "measurement.rounds[0].step_seconds[0]", run => WithRounds(run, round => round with { StepSeconds = [.. round.StepSeconds.Select(step => step / 10)] }) },
        { Training, "count.layers[1].forward.flops", run => WithLayer(run, 1, layer => layer with { ForwardMacs = layer.ForwardMacs / 2 }) },
        { Training, "count.parameters", run => WithLayer(run, 1, layer => layer with { Parameters = layer.Parameters + 1 }) },
        { Training, "count.layers[2]", run => WithLayer(run, 2, layer => layer with { UniqueBytes = -layer.UniqueBytes - 4 }) },
        { Training, "validity[data tier as declared]", run => run with { Validity = [.. run.Validity.Where(line => line.Constraint != "data tier as declared")] } },
        { Training, "validity[libtorch ran what the layers count]", run => Validity(run, "libtorch ran what the layers count", line => line with { Reason = "it did" }) },
        { Small, "validity[model fits at one byte per parameter]", run => Validity(run, "model fits at one byte per parameter", line => line with { Reason = "1 KB" }) },
        { Training, "validity[quality auroc]", run => run with { Validity = [.. run.Validity, run.Validity[0] with { Met = false }] } },
        { Training, "validity[quality recall]", run => run with { Validity = [.. run.Validity, new("quality recall", true, "recall 1 at least 0.9: met")] } },
        { Training, "trajectory.marks[1].sha256", run => run with { Trajectory = new([.. Enumerable.Repeat(1.0, 16)], [new(1, new string('a', 64)), new(2, new string('b', 64))]) } },
        { Training, "trajectory.losses.every", run => WithLosses(run, losses => losses with { Every = 8 }) },
        { Training, "trajectory.losses.means", run => WithLosses(run, losses => losses with { Means = [.. losses.Means.Skip(1)] }) },
        { Training, "trajectory.losses.means[0]", run => WithLosses(run, losses => losses with { Means = [0.5, .. losses.Means.Skip(1)] }) },
        { Training, "trajectory.first_losses", run => run with { Trajectory = new([], [new(1000, run.TrajectorySha256)]) } },
        { Answering, "serving.load.queries", run => Serving(run, serving => serving with { Load = serving.Load with { Queries = 10 } }) },
        { Answering, "serving.load.seeds.draw", run => Serving(run, serving => serving with { Load = serving.Load with { Seeds = serving.Load.Seeds with { Draw = 7 } } }) },
        { Answering, "serving.load.latency_bound_seconds", run => Serving(run, serving => serving with { Load = serving.Load with { LatencyBoundSeconds = 100 } }) },
        { Answering, "serving.answers[1].sample", run => Answer(run, 1, answer => answer with { Sample = answer.Sample + 1 }) },
        { Answering, "serving.answers[1].query", run => Answer(run, 1, answer => answer with { Query = 90 }) },
        { Answering, "serving.answers[2].scheduled", run => Answer(run, 2, answer => answer with { Scheduled = answer.Scheduled + 5_000_000 }) },
        { Answering, "serving.answers[2].tokens", run => Answer(run, 2, answer => answer with { Tokens = [.. answer.Tokens.Select(token => token / 2)] }) },
        { Answering, "serving.answers[2].issued", run => Answer(run, 2, answer => answer with { Issued = answer.Scheduled - 1 }) },
        { Answering, "serving.answers[1].tokens", run => Answer(run, 1, answer => answer with { Issued = answer.Completed + 1 }) },
        { Answering, "cost.train_seconds", run => run with { Cost = run.Cost with { TrainSeconds = 1 } } },
        { Answering, "cost.time_to_target_seconds", run => run with { Cost = run.Cost with { TimeToTargetSeconds = 1 } } },
        { Answering, "quality.target.value", run => run with { Quality = run.Quality with { Target = run.Quality.Target with { Value = 1e-9 } } } },
        { Answering, "serving", run => run with { Serving = null } },
    };

    [Theory]
    [MemberData(nameof(Forgeries))]
    public void A_field_that_does_not_follow_is_named(string id, string field, Change forge) => AssertNamed(field, Write(Carefully(forge(Run(id)))));

    public static TheoryData<string, Func<ExperimentRecord, ExperimentRecord>> ForgedExperiments => new()
    {
        { "experiment.suite", record => record with { Experiment = record.Experiment with { Suite = "tiny" } } },
        { "settings.geometry.repeats", record => record with { Settings = With(record.Settings, "geometry.repeats", "450") } },
        { "metrics.found", record => record with { Metrics = With(record.Metrics, "found", 1.0) } },
        { "checks[0].limit", record => record with { Checks = [record.Checks[0] with { Limit = 0 }, .. record.Checks.Skip(1)] } },
        { "checks[2]", record => record with { Checks = [.. record.Checks.Take(2)] } },
        { "budget", record => record with { Budget = new(1, 1) } },
        { "budget", record => record with { PeakMemoryFrom = Roofline.Measure.PeakMemory.Kept } },
        { "peak_memory_from", record => record with { PeakMemoryFrom = "a guess", Budget = ThisClone.Experiment(Experiment).Budget } },
        { "seconds", record => record with { Seconds = 0 } },
        { "points", record => record with { Points = [] } },
        { "peak_memory_bytes", record => record with { PeakMemoryBytes = 1L << 50 } },
        { "measured_at", record => record with { MeasuredAt = "2999-01-01T00-00-00Z" } },
    };

    [Theory]
    [MemberData(nameof(ForgedExperiments))]
    public void A_field_of_an_experiment_that_does_not_follow_is_named(string field, Func<ExperimentRecord, ExperimentRecord> forge) =>
        AssertNamed(field, Write(forge((ExperimentRecord)check.Of(Committed.Of(Experiment)).Record!)));

    [Fact]
    public void A_sum_that_is_edited_in_the_text_is_named()
    {
        var path = Committed.Of(Training);
        var name = Path.Combine(folder, Path.GetFileName(path));
        File.WriteAllText(name, File.ReadAllText(path).Replace("\"flops\": 102760448", "\"flops\": 902760448"));
        AssertNamed("count.flops", name);
    }

    [Fact]
    public void Every_field_that_is_edited_in_the_text_alone_is_named()
    {
        var path = Committed.Of(Training);
        var name = Path.Combine(folder, Path.GetFileName(path));
        // The verdicts of target and constraint, and the sum behind them.
        File.WriteAllText(name, File.ReadAllText(path).Replace("\"flops\": 102760448", "\"flops\": 902760448").Replace("\"value\": 0.9925052038553781,\n      \"met\": true", "\"value\": 0.9925052038553781,\n      \"met\": false"));
        foreach (var field in new[] { "count.flops", "quality.target.met" })
            AssertNamed(field, name);
    }

    [Fact]
    public void Evidence_of_another_wording_of_the_entry_is_sealed_and_no_more()
    {
        var verdict = check.Of(Write(Run(Training) with { Workload = Run(Training).Workload with { EntrySha256 = new string('0', 64) } })).Verdict;
        Assert.True(verdict is { Level: TrustLevel.Sealed, Holds: true });
        Assert.Contains("has changed since", verdict.Limit);
        Assert.Contains("settings", verdict.Claimed);
    }

    [Fact]
    public void The_curve_of_losses_may_be_there_or_not()
    {
        Assert.Null(Run(Training).Trajectory!.Losses);
        Assert.Equal(TrustLevel.Consistent, check.Of(Write(WithLosses(Run(Training), losses => losses))).Verdict.Level);
    }

    [Fact]
    public void A_level_is_reached_from_the_one_before_it_only()
    {
        var consistent = check.Of(Committed.Of(Training)).Verdict;
        Assert.Equal(TrustLevel.Replayed, consistent.Raised(TrustLevel.Replayed).Level);
        Assert.Equal(TrustLevel.Consistent, consistent.Raised(TrustLevel.Attested).Level);
        Assert.Equal(TrustLevel.Attested, consistent.Raised(TrustLevel.Replayed).Raised(TrustLevel.Attested).Level);
    }

    void AssertNamed(string field, string path)
    {
        var verdict = check.Of(path).Verdict;
        Assert.True(verdict.Findings.Any(finding => finding.Field == field || finding.Field.StartsWith($"{field}.", StringComparison.Ordinal)),
            $"{field} was edited, found was {string.Join('\n', verdict.Findings.Select(finding => $"{finding.Field}: {finding.Message}").DefaultIfEmpty("nothing"))}");
        Assert.True(verdict.Level < TrustLevel.Consistent);
    }

    [Fact]
    public void Experiments_can_be_checked_side_by_side()
    {
        List<string> experiments = [.. Committed.Paths.Where(ExperimentVerifier.IsExperiment)];
        Parallel.For(0, 64, i => Assert.Equal(TrustLevel.Consistent, check.Of(experiments[i % experiments.Count]).Verdict.Level));
        Assert.Equal(TorchSharp.DeviceType.CPU, TorchSharp.torch.get_default_device().type);
    }

    EvidenceRecord Run(string id) => (EvidenceRecord)check.Of(Committed.Of(id)).Record!;

    string Write<T>(T record) where T : ISidecar, ISealed<T> => EvidenceFile.Write(folder, record).Path;

    // What follows from an edit is derived again by a forger, too.
    static EvidenceRecord Carefully(EvidenceRecord run)
    {
        run = run with { Peaks = ContentHash.Seal(run.Peaks) };
        return run with { Regimes = RegimeDerivation.Derive(run.Count, run.Measurement, run.Peaks, run.Thresholds) };
    }

    static EvidenceRecord Scored(EvidenceRecord run, QualityCheck target, IReadOnlyList<QualityPoint> curve)
    {
        var quality = run.Quality with { Target = target, Curve = curve, Metrics = With(run.Quality.Metrics, target.Metric, target.Value) };
        var lines = QualityValidity.Lines(quality);
        return run with { Quality = quality, Validity = [.. lines, .. run.Validity.Skip(lines.Count)] };
    }

    // As a run of today keeps them; the first mean is that of the first losses.
    static EvidenceRecord WithLosses(EvidenceRecord run, Func<LossCurve, LossCurve> change)
    {
        var (steps, first) = (run.Quality.Curve[^1].Step, run.Trajectory!.FirstLosses);
        var every = LossCurve.EveryOf(steps);
        Assert.Equal(first.Count, every);
        LossCurve honest = new(every, [first.Average(), .. Enumerable.Repeat(0.1, (int)((steps - 1) / every))]);
        return run with { Trajectory = run.Trajectory with { Losses = change(honest) } };
    }

    static EvidenceRecord WithRounds(EvidenceRecord run, Func<SampleRound, SampleRound> change) =>
        run with { Measurement = run.Measurement with { Rounds = [.. run.Measurement.Rounds.Select(change)] } };

    static EvidenceRecord WithLayer(EvidenceRecord run, int place, Func<Roofline.Count.LayerCount, Roofline.Count.LayerCount> change) =>
        run with { Count = run.Count with { Layers = [.. run.Count.Layers.Select((layer, index) => index == place ? change(layer) : layer)] } };

    static EvidenceRecord Validity(EvidenceRecord run, string constraint, Func<ValidityLine, ValidityLine> change) =>
        run with { Validity = [.. run.Validity.Select(line => line.Constraint == constraint ? change(line) : line)] };

    // With the figures and lines that follow from it.
    static EvidenceRecord Serving(EvidenceRecord run, Func<ServingRecord, ServingRecord> change)
    {
        var serving = change(run.Serving!);
        var metrics = new Dictionary<string, double>(run.Quality.Metrics);
        foreach (var (name, value) in LoadFigures.Of(serving.Load, serving.Answers))
            metrics[name] = value;
        var lines = LoadValidity.Lines(serving.Load, serving.Answers).ToDictionary(line => line.Constraint);
        return run with
        {
            Serving = serving,
            Quality = run.Quality with { Metrics = metrics },
            Validity = [.. run.Validity.Select(line => lines.GetValueOrDefault(line.Constraint, line))],
        };
    }

    static EvidenceRecord Answer(EvidenceRecord run, int place, Func<AnsweredSample, AnsweredSample> change) => Serving(run, serving =>
        serving with { Answers = [.. serving.Answers.Select((answer, index) => index == place ? change(answer) : answer)] });

    static Dictionary<string, T> With<T>(IReadOnlyDictionary<string, T> map, string key, T value) =>
        new Dictionary<string, T>(map) { [key] = value };

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
