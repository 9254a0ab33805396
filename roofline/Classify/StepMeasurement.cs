namespace MlPerfEdu.Roofline.Classify;

/// <summary>The samples of a step, in rounds with a calibration each: what the verdicts are derived from.</summary>
public sealed record StepMeasurement
{
    /// <summary>The <see cref="Recording"/> of a step whose recorded and structural counts agree.</summary>
    public const string RecordingAgrees = "recorded matrix products and convolutions equal the structural count";

    /// <summary>High, because the samples are looked at again and again until they decide.</summary>
    public const double DefaultConfidence = 0.99;

    public required int WarmUpSteps { get; init; }

    /// <summary>Of every interval that is derived from the samples.</summary>
    public required double Confidence { get; init; }

    public required IReadOnlyList<SampleRound> Rounds { get; init; }

    /// <summary>Operator calls of one step as recorded, those inside other operators left out; absent when this system cannot record.</summary>
    public required long? RecordedCalls { get; init; }

    /// <summary>Whether recording agreed with the structural count, how it differed, or why it was not available.</summary>
    public required string Recording { get; init; }

    public required double MeasuringSeconds { get; init; }

    /// <summary>Every timed step, in the order taken.</summary>
    [JsonIgnore]
    public IReadOnlyList<double> StepSeconds => [.. Rounds.SelectMany(round => round.StepSeconds)];

    /// <summary>Stands for a measurement that was left out.</summary>
    public static StepMeasurement None(string why) => new()
    {
        WarmUpSteps = 0,
        Confidence = DefaultConfidence,
        Rounds = [],
        RecordedCalls = null,
        Recording = why,
        MeasuringSeconds = 0,
    };
}

/// <summary>One calibration and the steps right after it: only these are compared with each other.</summary>
/// <param name="StepSeconds">Of each whole training step.</param>
/// <param name="DoubledBatchSeconds">The same with twice the batch; empty when it was not needed.</param>
/// <param name="Seconds">All steps of the round.</param>
/// <param name="QueuedSeconds">How long threads of this process waited for a core meanwhile; absent where the system does not say.</param>
public sealed record SampleRound(
    CalibrationSample Calibration, IReadOnlyList<double> StepSeconds, IReadOnlyList<double> DoubledBatchSeconds, double Seconds, double? QueuedSeconds)
{
    /// <summary>One other process on one core costs half of that core; a runtime's own threads keep each other waiting a fifth of the time at most.</summary>
    public const double MostQueued = 1.0 / 3;

    /// <summary>Whether other processes held the cores: then the time says more about them than about the workload.</summary>
    [JsonIgnore]
    public bool Disturbed => QueuedSeconds > MostQueued * Seconds;
}
