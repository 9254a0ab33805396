namespace MlPerfEdu.Generator;

/// <summary>A model that is trained on data to a target.</summary>
public sealed record WorkloadEntry : ModelEntry
{
    public required Recipe Recipe { get; init; }

    /// <summary>Absent when the entry's recipe is the seed's, or when the seed's does not meet the target.</summary>
    public ClosedDivision? Closed { get; init; }

    /// <summary>In order of preference: the first whose data is at hand is used.</summary>
    public required IReadOnlyList<DataChoice> Data { get; init; }

    /// <summary>Largest size of the deployed model, in kilobytes.</summary>
    public double? MaxModelKb { get; init; }
}
