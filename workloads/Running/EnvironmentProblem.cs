namespace MlPerfEdu.Workloads.Running;

/// <summary>Something around the program is not as it must be; workloads/Cli/README.md has a heading for each code.</summary>
public sealed class EnvironmentProblem(string code, string message) : Exception($"{code}: {message}")
{
    public string Code { get; } = code;
}
