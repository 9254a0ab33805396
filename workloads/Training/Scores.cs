namespace MlPerfEdu.Workloads.Training;

/// <summary>What one evaluation found over the whole evaluation split.</summary>
/// <param name="Metrics">Figures that workloads.yaml may set targets for, by name.</param>
/// <param name="PerClass">The same question asked per class, such as recall.</param>
/// <param name="Samples">How many samples were scored.</param>
public sealed record Scores(IReadOnlyDictionary<string, double> Metrics, IReadOnlyDictionary<string, double> PerClass, int Samples);
