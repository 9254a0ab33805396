using System.Text.Json.Serialization;

namespace MlPerfEdu.Roofline.Measure;

/// <summary>The raw samples of one measured workload.</summary>
public sealed record StepMeasurement
{
    /// <summary>What <see cref="Recording"/> says when there is no difference.</summary>
    public const string RecordingAgrees = "recorded matrix products and convolutions equal the structural count";

    public required int WarmUpSteps { get; init; }

    /// <summary>Of every interval that is derived from the samples.</summary>
    public required double Confidence { get; init; }

    public required IReadOnlyList<SampleRound> Rounds { get; init; }

    /// <summary>Operator calls of one step as recorded, those inside other operators left out; absent when this system cannot record.</summary>
    public required long? RecordedCalls { get; init; }

    /// <summary>How recording went: agreed with the structural count, differed and how, or not available.</summary>
    public required string Recording { get; init; }

    public required double MeasuringSeconds { get; init; }

    /// <summary>Every timed step, in the order taken.</summary>
    [JsonIgnore]
    public IReadOnlyList<double> StepSeconds => [.. Rounds.SelectMany(round => round.StepSeconds)];

    /// <summary>Stands for a measurement that was left out.</summary>
    public static StepMeasurement None(string why) => new()
    {
        WarmUpSteps = 0,
        Confidence = new SamplingPlan().Confidence,
        Rounds = [],
        RecordedCalls = null,
        Recording = why,
        MeasuringSeconds = 0,
    };
}
