using MlPerfEdu.Roofline.Compare;
using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Roofline.Report.Plots;

namespace MlPerfEdu.Engine.Experiments;

/// <summary>A question to the machine. Only points are measured; every conclusion is derived from them, now and whenever they are verified.</summary>
public interface IExperiment
{
    /// <summary>Why nothing can be measured here; absent when it can.</summary>
    string? Unavailable => null;

    IReadOnlyList<MeasuredPoint> Measure(IRunProgress progress, CancellationToken stop);

    /// <summary>A pure function of the points and of the entry's geometry.</summary>
    Findings Derive(IReadOnlyList<MeasuredPoint> points);
}

/// <summary>What an experiment is built from: its entry, and the machine's facts.</summary>
public sealed record ExperimentSetup(ExperimentEntry Entry, MachineFacts Facts)
{
    public Geometry Geometry => Entry.Geometry;

    public PrecisionChoice Precision => PrecisionChoice.Of(Entry.Precision);
}

/// <summary>What follows from an experiment's points.</summary>
/// <param name="Metrics">By name; the entry's checks are bounds on these.</param>
/// <param name="Tables">For people, in reading order.</param>
/// <param name="Portable">What is the same on every machine: the text of its snapshot.</param>
public sealed record Findings(IReadOnlyDictionary<string, double> Metrics, IReadOnlyList<TitledTable> Tables, string Portable)
{
    public IReadOnlyList<NamedDrawing> Drawings { get; init; } = [];

    /// <summary>What another run is compared with.</summary>
    public IReadOnlyList<Finding> Compared { get; init; } = [];
}

public sealed record TitledTable(string Title, TextTable Table);

/// <param name="Name">Ends the name of its file.</param>
public sealed record NamedDrawing(string Name, IDrawing Drawing);
