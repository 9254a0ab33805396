using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Measure;

/// <summary>The raw samples of one measured workload.</summary>
public sealed record StepMeasurement
{
    public required int WarmUpSteps { get; init; }

    /// <summary>Of every interval that is derived from the samples.</summary>
    public required double Confidence { get; init; }

    /// <summary>Seconds of each whole training step, in the order taken.</summary>
    public required IReadOnlyList<double> StepSeconds { get; init; }

    /// <summary>The same with twice the batch; empty when it was not measured.</summary>
    public required IReadOnlyList<double> DoubledBatchSeconds { get; init; }

    /// <summary>Taken between the steps.</summary>
    public required IReadOnlyList<CalibrationSample> Calibration { get; init; }

    /// <summary>Operator calls of one step as recorded; absent when the provider cannot record.</summary>
    public required long? RecordedCalls { get; init; }

    /// <summary>How recording went: agreed with the structural count, differed and how, or not available.</summary>
    public required string Recording { get; init; }

    public required double MeasuringSeconds { get; init; }
}
