using System.Diagnostics;
using System.Globalization;

namespace MlPerfEdu.Serving.Measure;

/// <summary>original.py at work: computes rows as the original does, on this machine.</summary>
public sealed class OriginalProcess : IDisposable
{
    // What NumPy leaves running for a moment would slow down whoever comes next.
    static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(50);

    readonly Process _process;

    OriginalProcess(Process process) => _process = process;

    /// <returns>Absent when the interpreter cannot be started.</returns>
    public static OriginalProcess? Start(string python, string script)
    {
        var start = new ProcessStartInfo(python, [script]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["OPENBLAS_NUM_THREADS"] = start.Environment["OMP_NUM_THREADS"] = "1";
        try
        {
            return Process.Start(start) is { } process ? new(process) : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Seconds of a call; absent when the script does not have the row, or has ended.</summary>
    public double? Seconds(string module, string operation)
    {
        if (_process.HasExited)
            return null;
        _process.StandardInput.WriteLine($"{module} {operation}");
        _process.StandardInput.Flush();
        var answer = _process.StandardOutput.ReadLine();
        Thread.Sleep(Settle);
        return double.TryParse(answer, CultureInfo.InvariantCulture, out var seconds) ? seconds : null;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
