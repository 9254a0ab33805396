using MlPerfEdu.Roofline.Report;

namespace MlPerfEdu.Workloads.Experiments;

/// <summary>What follows from an experiment's points.</summary>
/// <param name="Metrics">By name; the entry's checks are bounds on these.</param>
/// <param name="Tables">For people, in reading order.</param>
/// <param name="Portable">What is the same on every machine: the text of its snapshot.</param>
public sealed record Findings(IReadOnlyDictionary<string, double> Metrics, IReadOnlyList<TitledTable> Tables, string Portable);

public sealed record TitledTable(string Title, TextTable Table);
