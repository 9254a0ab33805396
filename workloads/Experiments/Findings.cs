using MlPerfEdu.Roofline.Compare;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Roofline.Report.Plots;

namespace MlPerfEdu.Workloads.Experiments;

/// <summary>What follows from an experiment's points.</summary>
/// <param name="Metrics">By name; the entry's checks are bounds on these.</param>
/// <param name="Tables">For people, in reading order.</param>
/// <param name="Portable">What is the same on every machine: the text of its snapshot.</param>
public sealed record Findings(IReadOnlyDictionary<string, double> Metrics, IReadOnlyList<TitledTable> Tables, string Portable)
{
    public IReadOnlyList<NamedDrawing> Drawings { get; init; } = [];

    /// <summary>What another run is held against.</summary>
    public IReadOnlyList<Finding> Compared { get; init; } = [];
}

public sealed record TitledTable(string Title, TextTable Table);

/// <param name="Name">Ends the name of its file.</param>
public sealed record NamedDrawing(string Name, IDrawing Drawing);
