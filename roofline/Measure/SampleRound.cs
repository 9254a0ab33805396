using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Measure;

/// <summary>One calibration and the steps right after it: only these are compared with each other.</summary>
/// <param name="StepSeconds">Of each whole training step.</param>
/// <param name="DoubledBatchSeconds">The same with twice the batch; empty when it was not asked for.</param>
public sealed record SampleRound(CalibrationSample Calibration, IReadOnlyList<double> StepSeconds, IReadOnlyList<double> DoubledBatchSeconds);
