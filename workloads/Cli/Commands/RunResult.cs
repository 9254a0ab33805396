using System.Text.Json.Serialization;
using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Cli.Commands;

/// <summary>One run as `run` answers it; the names are the keys of its JSON.</summary>
sealed record RunResult(string Id, string Suite, int Seed, bool Passed)
{
    public string? Dataset { get; init; }

    public string? DataTier { get; init; }

    public IReadOnlyList<ScoreResult> Scores { get; init; } = [];

    public double? TimeToTargetSeconds { get; init; }

    public double? TrainSeconds { get; init; }

    public long Params { get; init; }

    public double? MacsPerSample { get; init; }

    /// <summary>How a model answered, for people; absent when it was trained.</summary>
    public string? Served { get; init; }

    public IReadOnlyList<RegimeResult> Regimes { get; init; } = [];

    /// <summary>Every line that does not hold.</summary>
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
}

sealed record ScoreResult(string Metric, double Value, QualityBound Bound, double Limit, bool Met)
{
    public static ScoreResult Of(QualityCheck check) => new(check.Metric, check.Value, check.Bound, check.Limit, check.Met);
}

sealed record RegimeResult(string Axis, string Value, string? Expected, RegimeOutcome Outcome, string Message);
