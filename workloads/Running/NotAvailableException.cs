namespace MlPerfEdu.Workloads.Running;

/// <summary>An entry cannot run with this provider or on this system; it is skipped with the reason.</summary>
public sealed class NotAvailableException(string reason) : Exception(reason);
