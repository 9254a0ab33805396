namespace MlPerfEdu.Workloads.Tests.Cli;

/// <summary>Signals and closed streams are those of Unix.</summary>
sealed class UnixTheoryAttribute : TheoryAttribute
{
    public UnixTheoryAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "There is no such thing on Windows.";
    }
}
