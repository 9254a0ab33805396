namespace MlPerfEdu.Workloads.Cli.Accept;

/// <summary>One file that is written, replaced or deleted at once.</summary>
/// <param name="Path">From the root of the clone.</param>
sealed record AcceptStep(string Action, string Path, Action Run);
