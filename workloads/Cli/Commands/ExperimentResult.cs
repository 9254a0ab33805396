using System.Text.Json.Serialization;
using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Experiments;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Cli.Commands;

/// <summary>One experiment as `run` answers it; the names are the keys of its JSON.</summary>
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

    /// <summary>Why it was not asked; absent when it was.</summary>
    public string? Skipped { get; init; }

    /// <summary>Set when it did not get to an answer.</summary>
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
}
