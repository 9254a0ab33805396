using System.Diagnostics;

namespace MlPerfEdu.Workloads.Tests.Mllog;

/// <summary>A checkout of MLCommons' own tools, where an environment variable names one, and a Python with PyYAML.</summary>
static class OfficialTools
{
    public const string Logging = "MLPERFEDU_MLCOMMONS_LOGGING", Inference = "MLPERFEDU_MLCOMMONS_INFERENCE";

    public static string? Missing(string variable, string file) => Environment.GetEnvironmentVariable(variable) switch
    {
        null or "" => $"{variable} is not set: to a checkout of MLCommons' repository, whose own checker then runs here",
        var folder when !File.Exists(Path.Combine(folder, file)) => $"{variable} names {folder}, which has no {file}",
        _ => null,
    };

    /// <summary>Runs Python in a folder, with modules of the checkout at hand.</summary>
    public static (int Exit, string Output) Run(string variable, string modules, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("python3", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PYTHONPATH"] = Path.Combine(Environment.GetEnvironmentVariable(variable)!, modules);
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }
}

/// <summary>A test that needs MLCommons' logging repository, and is skipped with the reason where there is none.</summary>
sealed class OfficialLoggingTheoryAttribute : TheoryAttribute
{
    public OfficialLoggingTheoryAttribute() => Skip = OfficialTools.Missing(OfficialTools.Logging, "mlperf_logging/compliance_checker/__main__.py");
}

/// <inheritdoc cref="OfficialLoggingTheoryAttribute"/>
sealed class OfficialLoggingFactAttribute : FactAttribute
{
    public OfficialLoggingFactAttribute() => Skip = OfficialTools.Missing(OfficialTools.Logging, "mlperf_logging/compliance_checker/__main__.py");
}

/// <summary>The same for the log parser of MLCommons' inference repository.</summary>
sealed class OfficialInferenceTheoryAttribute : TheoryAttribute
{
    public OfficialInferenceTheoryAttribute() => Skip = OfficialTools.Missing(OfficialTools.Inference, "tools/submission/log_parser.py");
}
