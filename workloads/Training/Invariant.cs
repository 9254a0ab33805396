namespace MlPerfEdu.Workloads.Training;

/// <summary>Something that must be true of a workload before its speed means anything, and what was found.</summary>
public sealed record Invariant(string Name, bool Holds, string Found);
