using MlPerfEdu.Workloads.Distributed;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Cli.Doctor;

/// <summary>The programs that building, evidence and several processes need.</summary>
sealed class ToolChecks(string root, Func<string, string?> variable)
{
    const int OldestSdk = 10;

    public IEnumerable<Checkup> Run()
    {
        yield return Checkup.Ok(".NET runtime", Environment.Version.ToString());
        yield return Sdk();
        yield return Answer("git", "--version") is { } git
            ? Checkup.Ok("git", git)
            : Checkup.Warn("git", "not found", "Evidence will not say which commit ran: install git.");
        yield return OpenMpi.Find(variable, out var missing) is { } mpi
            ? Checkup.Ok("Open MPI", mpi.Version)
            : Checkup.Warn("Open MPI", missing, $"Workloads of several processes are skipped: install it ({OpenMpi.HowToInstall}).");
    }

    Checkup Sdk()
    {
        // In the clone, so that global.json chooses.
        var found = Answer("dotnet", "--version");
        return found is null
            ? Checkup.Warn(".NET SDK", "none that fits global.json", $"Building needs an SDK {OldestSdk}: https://dotnet.microsoft.com/download")
            : Checkup.Ok(".NET SDK", found);
    }

    string? Answer(string program, string argument) => FirstLine.Of(program, argument, root);
}
