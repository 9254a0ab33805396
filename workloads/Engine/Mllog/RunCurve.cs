using System.Text.Json;

namespace MlPerfEdu.Engine.Mllog;

/// <summary>Loss and score of a run that goes on, or of one that is over, step by step.</summary>
/// <param name="Steps">Those of the whole recipe.</param>
/// <param name="Lines">How many lines its log had; more mean that something is new.</param>
/// <param name="Losses">Each the mean of the steps since the one before; none where only a sidecar is left.</param>
public sealed record RunCurve(
    string Id, long Seed, string DataSet, string Metric, string Bound, double Target, long Steps, int Lines,
    IReadOnlyList<QualityPoint> Scores, IReadOnlyList<QualityPoint> Losses, RunStage Stage)
{
    /// <summary>Absent while there are no lines about the target.</summary>
    public static RunCurve? Of(string log)
    {
        var lines = MllogLine.Read(log).Lines;
        if (Line(LogKeys.Target) is not { } target || Line("submission_benchmark") is not { } id)
            return null;
        var metric = Text(target.Of(LogKeys.Metric));
        var end = Line("run_stop");
        var stage = Line(LogKeys.Over)?.Value.ValueKind switch
        {
            JsonValueKind.False => RunStage.Stopped,
            JsonValueKind.True => Text(end?.Of("status")) == "success" ? RunStage.Met : RunStage.Missed,
            _ => end is null ? RunStage.Running : RunStage.MetSoFar,
        };
        return new RunCurve(
            Text(id.Value), (long)Number(Line("seed")?.Value), Text(Line(LogKeys.DataSet)?.Value), metric, Text(target.Of("bound")), Number(target.Value),
            (long)Number(Line("max_steps")?.Value), lines.Count,
            [.. lines.Where(line => line.Key == "eval_accuracy" && Text(line.Of(LogKeys.Metric)) == metric).Select(line => Point(line, line.Value))],
            [.. lines.Where(line => line.Key == LogKeys.Stats && line.Value.ValueKind == JsonValueKind.Object && line.Value.TryGetProperty("loss", out _))
                .Select(line => Point(line, line.Value.GetProperty("loss")))],
            stage);

        MllogLine? Line(string key) => lines.FirstOrDefault(line => line.Key == key);
    }

    /// <summary>What a sidecar keeps: the scores.</summary>
    public static RunCurve Of(EvidenceRecord evidence) => new(
        evidence.Workload.Id, evidence.Seed, evidence.Data.Dataset, evidence.Quality.Target.Metric, evidence.Quality.Target.Bound.Words(), evidence.Quality.Target.Limit,
        evidence.Quality.Curve.Select(point => point.Step).LastOrDefault(), 0, evidence.Quality.Curve, [],
        evidence.Cost.TimeToTargetSeconds is null ? RunStage.Missed : RunStage.Met);

    static QualityPoint Point(MllogLine line, JsonElement value) => new((long)Number(line.Of("step_num")), Number(value));

    static string Text(JsonElement? value) => value is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";

    static double Number(JsonElement? value) => value is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : double.NaN;
}

public enum RunStage
{
    /// <summary>Or killed: a log cannot tell.</summary>
    Running,

    /// <summary>The target was met, and the rest of the recipe follows.</summary>
    MetSoFar,

    Met,

    Missed,

    /// <summary>Before the end of its recipe.</summary>
    Stopped,
}
