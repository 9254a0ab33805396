using System.Text.Json.Serialization;
using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Workloads.Experiments;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Cli.Commands;

/// <summary>One run of a workload; the names are the keys of its JSON.</summary>
sealed record RunResult(string Id, string Suite, int Seed, bool Passed)
{
    public string? Dataset { get; init; }

    public string? DataTier { get; init; }

    public IReadOnlyList<ScoreResult> Scores { get; init; } = [];

    public double? TimeToTargetSeconds { get; init; }

    public double? TrainSeconds { get; init; }

    public long Params { get; init; }

    public double? MacsPerSample { get; init; }

    /// <summary>The serving figures, for people; absent for training.</summary>
    public string? Served { get; init; }

    public IReadOnlyList<RegimeResult> Regimes { get; init; } = [];

    /// <summary>Every constraint that is not met.</summary>
    public IReadOnlyList<string> Failures { get; init; } = [];

    public string? TrajectorySha256 { get; init; }

    public string? Sidecar { get; init; }

    public IReadOnlyList<string> PassedOver { get; init; } = [];

    [JsonIgnore]
    public EvidenceRecord? Evidence { get; init; }

    /// <summary>Set when the run did not get to a verdict.</summary>
    public ErrorResult? Error { get; init; }

    public static RunResult Of(Repository repository, ModelEntry entry, int seed, RunOutcome outcome)
    {
        var evidence = outcome.Evidence;
        var comparisons = RegimeExpectations.Compare(repository, entry, evidence);
        var regimes = evidence.Regimes.All.Select(verdict => (verdict, Comparison: comparisons[verdict.Axis])).ToList();
        List<string> failures =
        [
            .. evidence.Validity.Where(line => !line.Met).Select(line => line.ToString()),
            .. regimes.Where(regime => regime.Comparison.Fails).Select(regime => regime.Comparison.Message),
        ];
        return new(entry.Id, entry.Suite, seed, outcome.Passed && failures.Count == 0)
        {
            Dataset = evidence.Data.Dataset,
            DataTier = evidence.Data.Tier,
            Scores = [.. evidence.Quality.Constraints.Prepend(evidence.Quality.Target).Select(ScoreResult.Of)],
            TimeToTargetSeconds = evidence.Cost.TimeToTargetSeconds,
            TrainSeconds = evidence.Cost.TrainSeconds,
            Served = ServingLine.Of(evidence),
            Params = entry.Params,
            MacsPerSample = evidence.Count.Batch > 0 ? evidence.Count.ForwardMacsPerSample : null,
            Regimes = [.. regimes.Select(regime => new RegimeResult(
                regime.verdict.Axis.Name(), regime.verdict.Value.Name(), RegimeExpectations.Expected(entry, evidence.Machine.Class, regime.verdict.Axis)?.Name(),
                regime.Comparison.Outcome, regime.Comparison.Message))],
            Failures = failures,
            TrajectorySha256 = evidence.TrajectorySha256,
            Sidecar = outcome.SidecarPath,
            Evidence = evidence,
            PassedOver = outcome.PassedOver,
        };
    }

    public static RunResult Of(ModelEntry entry, int seed, Failure failure) => new(entry.Id, entry.Suite, seed, false)
    {
        Params = entry.Params,
        Failures = [failure.Message],
        Error = failure.Result,
    };

    /// <summary>One table of all runs, then remarks on each.</summary>
    public static void Draw(Screen screen, IReadOnlyList<RunResult> results, Repository repository)
    {
        var grid = new Grid("workload", ">seed", "data", ">score", "target", ">time to target", ">params", ">MACs/sample", "regime", "verdict", "evidence");
        foreach (var result in results)
        {
            var score = result.Scores is [var target, ..] ? target : null;
            grid.Add(
                result.Id,
                $"{result.Seed}",
                result.Dataset is { } dataset ? $"{dataset} ({result.DataTier})" : Describe.None,
                score is null ? Describe.None : $"{score.Value:0.0000}",
                score is null ? Describe.None : $"{score.Metric} {Describe.Sign(score.Bound)} {score.Limit:0.####}",
                result.TimeToTargetSeconds is { } seconds ? Duration.Of(seconds) : Describe.None,
                $"{result.Params:N0}",
                result.MacsPerSample is { } macs ? Units.Si(macs) : Describe.None,
                string.Join(" / ", result.Regimes.Select(regime => regime.Value)),
                Verdict(result),
                result.Sidecar is { } sidecar ? repository.Relative(sidecar) : Describe.None);
        }

        screen.Table(grid);
        foreach (var result in results)
        {
            if (result.Served is { } served)
                screen.Line($"{result.Id}: {served}");
            foreach (var failure in result.Failures)
                screen.Line($"{result.Id}, seed {result.Seed}: {failure}", Tone.Bad);
            foreach (var reason in result.PassedOver)
                screen.Line($"{result.Id} ran on {result.Dataset}, because its first choice is not available: {reason}", Tone.Warning);
            if (result.Regimes.Any(regime => regime.Outcome == RegimeOutcome.NoBaseline))
                screen.Line($"{result.Id}: no baseline for this machine class; `mlperfedu accept {result.Id}` makes one.", Tone.Faint);
        }
    }

    static Cell Verdict(RunResult result) => result switch
    {
        { Passed: true } => new("PASS", Tone.Good),
        { Error: { } error } => new($"ERROR {error.Code}", Tone.Bad),
        _ => new("FAIL", Tone.Bad),
    };
}

sealed record ScoreResult(string Metric, double Value, QualityBound Bound, double Limit, bool Met)
{
    public static ScoreResult Of(QualityCheck check) => new(check.Metric, check.Value, check.Bound, check.Limit, check.Met);
}

sealed record RegimeResult(string Axis, string Value, string? Expected, RegimeOutcome Outcome, string Message);

/// <summary>One run of an experiment; the names are the keys of its JSON.</summary>
sealed record ExperimentResult(string Id, string Suite, string Question, bool Passed)
{
    public IReadOnlyList<ScoreResult> Checks { get; init; } = [];

    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    [JsonIgnore]
    public IReadOnlyList<TitledTable> Tables { get; init; } = [];

    public double? Seconds { get; init; }

    public string? Sidecar { get; init; }

    [JsonIgnore]
    public ExperimentRecord? Evidence { get; init; }

    /// <summary>Why it was not run; absent when it was.</summary>
    public string? Skipped { get; init; }

    /// <summary>Set when it did not get to a verdict.</summary>
    public ErrorResult? Error { get; init; }

    public static ExperimentResult Of(ExperimentEntry entry, ExperimentOutcome outcome) => new(entry.Id, entry.Suite, entry.Question, outcome.Passed)
    {
        Checks = [.. outcome.Evidence.Checks.Select(ScoreResult.Of)],
        Metrics = outcome.Findings.Metrics,
        Tables = outcome.Findings.Tables,
        Seconds = outcome.Evidence.Seconds,
        Sidecar = outcome.SidecarPath,
        Evidence = outcome.Evidence,
    };

    public static ExperimentResult Skip(ExperimentEntry entry, string reason) => new(entry.Id, entry.Suite, entry.Question, true) { Skipped = reason };

    public static ExperimentResult Of(ExperimentEntry entry, Failure failure) =>
        new(entry.Id, entry.Suite, entry.Question, false) { Error = failure.Result };

    public void Draw(Screen screen, Repository repository)
    {
        screen.Line();
        screen.Line($"{Id}: {Question}");
        Draw(screen, Tables);
        if (Error is { } error)
            screen.Line($"ERROR {error.Code}: {error.Message}", Tone.Bad);
        else if (Skipped is { } reason)
            screen.Line($"Skipped: {reason}.", Tone.Warning);
        else
            screen.Table(CheckTable());
        if (Sidecar is { } sidecar)
            screen.Line($"Evidence: {repository.Relative(sidecar)}, after {Duration.Of(Seconds!.Value)}.", Tone.Faint);
    }

    public static void Draw(Screen screen, IEnumerable<TitledTable> tables)
    {
        foreach (var (title, table) in tables)
        {
            screen.Line();
            screen.Line(title);
            screen.Line(table.ToString().TrimEnd());
        }
        screen.Line();
    }

    Grid CheckTable()
    {
        var grid = new Grid("check", ">measured", "required", "verdict");
        foreach (var check in Checks)
        {
            grid.Add(
                check.Metric,
                QualityCheck.Text(check.Value),
                $"{Describe.Sign(check.Bound)} {QualityCheck.Text(check.Limit)}",
                check.Met ? new Cell("PASS", Tone.Good) : new Cell("FAIL", Tone.Bad));
        }
        return grid;
    }
}
