using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Count;

namespace MlPerfEdu.Roofline.Measure;

/// <summary>A workload's step, measured and judged.</summary>
public sealed record MeasuredStep(StepCount Count, StepMeasurement Measurement, Regimes Regimes);
