namespace MlPerfEdu.Zoo;

/// <summary>Which roof is lower.</summary>
public enum Bottleneck
{
    Compute,
    Memory,
}
