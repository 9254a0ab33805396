using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Distributed;

/// <summary>The Open MPI of this machine.</summary>
/// <param name="Mpirun">Its program that starts ranks.</param>
sealed record OpenMpi(string Mpirun, string Version)
{
    public const string HowToInstall = "Debian and Ubuntu: apt-get install openmpi-bin, macOS: brew install open-mpi";

    const string Mark = "(Open MPI)";

    /// <param name="missing">Why there is none, for a sentence; empty when there is.</param>
    public static OpenMpi? Find(Func<string, string?> variable, out string missing)
    {
        missing = "";
        if (OnPath(variable) is not { } mpirun)
            missing = "Open MPI's mpirun is not on the PATH";
        else if (FirstLine.Of(mpirun, "--version") is not { } version || !version.Contains(Mark, StringComparison.Ordinal))
            missing = $"{mpirun} is not Open MPI's";
        else
            return new(mpirun, version);
        return null;
    }

    public static string? OnPath(Func<string, string?> variable) => (variable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, "mpirun")).FirstOrDefault(File.Exists);
}
