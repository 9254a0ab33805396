namespace MlPerfEdu.Workloads.Cli;

/// <summary>A command cannot do what it was asked to; made only by <see cref="CliErrors"/>.</summary>
sealed class CliException(ExitCode exit, string code, string message) : Exception(message)
{
    public ExitCode Exit { get; } = exit;

    public string Code { get; } = code;
}
