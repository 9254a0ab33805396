using MlPerfEdu.Roofline.Load;

namespace MlPerfEdu.Workloads.Running;

/// <summary>What a caller may choose about a run; everything else is in workloads.yaml.</summary>
public sealed record RunOptions
{
    public int Seed { get; init; } = 1;

    /// <summary>A data set id to use instead of the first that is at hand.</summary>
    public string? Dataset { get; init; }

    /// <summary>Train by the seed's recipe where the entry's own is another.</summary>
    public bool Closed { get; init; }

    /// <summary>End training at the first evaluation that meets the target.</summary>
    public bool UntilTarget { get; init; }

    /// <summary>How queries arrive; the entry's own scenario when absent.</summary>
    public LoadScenario? Scenario { get; init; }

    /// <summary>Leave out the timed part; the regime is then unmeasured.</summary>
    public bool SkipMeasuring { get; init; }

    /// <summary>Where sidecars go.</summary>
    public required string EvidenceFolder { get; init; }
}
