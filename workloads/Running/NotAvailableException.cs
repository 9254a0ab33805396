namespace MlPerfEdu.Workloads.Running;

/// <summary>An entry cannot run on this system; it is skipped with the reason.</summary>
public sealed class NotAvailableException(string reason) : Exception(reason);
