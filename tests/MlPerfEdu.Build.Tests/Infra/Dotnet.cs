using System.Diagnostics;

namespace MlPerfEdu.Build.Tests;

/// <summary>Runs the SDK as a person would at a prompt: without what a test run or a CI server leaves in the environment.</summary>
static class Dotnet
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    static readonly string[] Foreign = ["CI", "TF_BUILD", "GITHUB_ACTIONS", "Configuration", "Platform", "DOTNET_HOST_PATH", "VSTEST_CONNECTION_TIMEOUT"];

    public static Transcript Run(string folder, string transcriptPath, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Clean(start.Environment);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
            process.Kill(entireProcessTree: true);
        process.WaitForExit();
        var command = "dotnet " + string.Join(' ', arguments);
        var text = output.Result + errors.Result;
        File.WriteAllText(transcriptPath, $"> {command}\n{text}\nexit code {process.ExitCode}\n");
        return new(command, process.ExitCode, text, transcriptPath);
    }

    static void Clean(IDictionary<string, string?> environment)
    {
        foreach (var name in environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || Foreign.Contains(name)).ToList())
            environment.Remove(name);
        environment["DOTNET_NOLOGO"] = "1";
        environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        // Environment variables are properties too: no look-ups on the network, and no analysis of code that is analysed where it lives.
        environment["NuGetAudit"] = "false";
        environment["RunAnalyzers"] = "false";
    }
}
