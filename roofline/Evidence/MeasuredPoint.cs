namespace MlPerfEdu.Roofline.Evidence;

/// <summary>One place that an experiment measured, with every sample.</summary>
/// <param name="Name">What was measured there.</param>
/// <param name="At">Where: sizes and counts by name.</param>
/// <param name="Unit">Of the samples: "seconds", mostly.</param>
public sealed record MeasuredPoint(string Name, IReadOnlyDictionary<string, double> At, string Unit, IReadOnlyList<double> Samples);
