using System.ComponentModel;
using System.Diagnostics;

namespace MlPerfEdu.Workloads.Cli.Doctor;

/// <summary>The programs that building and evidence need.</summary>
sealed class ToolChecks(string root)
{
    const int OldestSdk = 10;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public IEnumerable<Checkup> Run()
    {
        yield return Checkup.Ok(".NET runtime", Environment.Version.ToString());
        yield return Sdk();
        yield return Answer("git", "--version") is { } git
            ? Checkup.Ok("git", git)
            : Checkup.Warn("git", "not found", "Evidence will not say which commit ran: install git.");
    }

    Checkup Sdk()
    {
        // In the clone, so that global.json chooses.
        var found = Answer("dotnet", "--version");
        return found is null
            ? Checkup.Warn(".NET SDK", "none that fits global.json", $"Building needs an SDK {OldestSdk}: https://dotnet.microsoft.com/download")
            : Checkup.Ok(".NET SDK", found);
    }

    string? Answer(string program, string argument)
    {
        try
        {
            var start = new ProcessStartInfo(program, [argument])
            {
                RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = root,
            };
            using var process = Process.Start(start)!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            var output = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(Patience))
            {
                process.Kill();
                return null;
            }

            return process.ExitCode == 0 ? output.Result.Split('\n')[0].Trim() : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
