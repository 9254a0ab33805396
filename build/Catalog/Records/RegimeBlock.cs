namespace MlPerfEdu.Generator;

/// <summary>What a workload was measured to be on one machine class, and where the evidence is.</summary>
public sealed record RegimeBlock(
    RegimeAxis WorkingSet,
    RegimeAxis ArithmeticIntensity,
    RegimeAxis Dispatch,
    string EvidenceSidecar,
    string EvidenceSha256,
    string MeasuredAt)
{
    /// <summary>The line of the machine class; 0 for a block that is not in a file yet.</summary>
    public int Line { get; init; }
}

/// <summary>One axis: its verdict and the number behind it (bytes_per_step, flops_per_byte or utilization).</summary>
public sealed record RegimeAxis(string Value, double Number)
{
    /// <summary>The line of the axis; 0 for a block that is not in a file yet.</summary>
    public int Line { get; init; }
}
