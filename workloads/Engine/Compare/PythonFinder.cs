using System.ComponentModel;
using System.Diagnostics;

namespace MlPerfEdu.Engine.Compare;

static class PythonFinder
{
    public const string Variable = "MLPERFEDU_PYTHON";

    // On Linux it may be the only one with the system's PyTorch, behind another python3 on the path.
    const string SystemPython = "/usr/bin/python3";

    // A first import of torch from a cold disk takes tens of seconds.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>The Python that the user names and no other, else the first of the usual ones that imports torch.</summary>
    /// <exception cref="EnvironmentProblem">None does.</exception>
    public static string Find(Func<string, string?> variable, CancellationToken stop)
    {
        string[] candidates = variable(Variable) is { Length: > 0 } named ? [named] : ["python3", SystemPython];
        var tried = new List<string>();
        foreach (var candidate in candidates)
        {
            if (WhyNot(candidate, stop) is not { } reason)
                return candidate;
            tried.Add($"{candidate}: {reason}");
        }
        throw CompareErrors.NoPyTorch(tried);
    }

    static string? WhyNot(string python, CancellationToken stop)
    {
        var start = new ProcessStartInfo(python, ["-c", "import torch"]) { RedirectStandardError = true, RedirectStandardOutput = true };
        try
        {
            using var process = Process.Start(start)!;
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
            patience.CancelAfter(Patience);
            try
            {
                var error = process.StandardError.ReadToEndAsync(patience.Token);
                _ = process.StandardOutput.ReadToEndAsync(patience.Token);
                process.WaitForExitAsync(patience.Token).GetAwaiter().GetResult();
                return process.ExitCode == 0 ? null : LastLine(error.GetAwaiter().GetResult(), $"exit code {process.ExitCode}");
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                stop.ThrowIfCancellationRequested();
                return $"import torch took longer than {Patience.TotalSeconds:0} s";
            }
        }
        catch (Win32Exception missing)
        {
            return missing.NativeErrorCode == FileNotFound ? "no such program" : missing.Message;
        }
    }

    // ENOENT, and the same number on Windows.
    const int FileNotFound = 2;

    static string LastLine(string text, string otherwise) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [.., var last] ? last : otherwise;
}
