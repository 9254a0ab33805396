using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace MlPerfEdu.Workloads.Distributed;

/// <summary>One rank in a process of its own: this program again, which ends when this process does.</summary>
sealed class RankProcess : IDisposable
{
    const int LinesKept = 12;

    readonly Process _process;
    readonly Running.LastLines _last = new(LinesKept);
    readonly StringBuilder _answer = new();

    public RankProcess(RankPlace place, int threads, IEnumerable<string> arguments)
    {
        Place = place;
        var start = new ProcessStartInfo(DotnetHost(), ["exec", typeof(RankProcess).Assembly.Location, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in place.Variables)
            start.Environment[name] = value;
        start.Environment["OMP_NUM_THREADS"] = $"{threads}";
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) => _last.Add(line.Data);
        _process.OutputDataReceived += (_, line) => _answer.AppendLine(line.Data);
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    public RankPlace Place { get; }

    public int Id => _process.Id;

    /// <summary>Absent while it runs.</summary>
    public int? Exit => _process.HasExited ? _process.ExitCode : null;

    /// <summary>What it wrote once it has ended.</summary>
    public string Answer
    {
        get
        {
            // Also waits for the last lines.
            _process.WaitForExit();
            return _answer.ToString();
        }
    }

    /// <summary>The last of what it said about itself.</summary>
    public string LastLines => _last.ToString();

    public Task Ended => _process.WaitForExitAsync();

    /// <summary>As the system does when whoever started it is gone.</summary>
    internal void CloseInput() => _process.StandardInput.Close();

    public void Kill() => _process.Kill(entireProcessTree: true);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    // The one that runs this process, whatever the process is called: shared/Microsoft.NETCore.App/<version> lies below it.
    static string DotnetHost() => Path.GetFullPath(
        Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
}
