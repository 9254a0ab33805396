namespace MlPerfEdu.Roofline.Evidence;

/// <param name="EntrySha256">Of the workload's entry in workloads.yaml.</param>
public sealed record WorkloadIdentity(string Id, string Suite, string EntrySha256);
