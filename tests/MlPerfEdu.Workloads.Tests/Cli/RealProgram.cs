using System.Diagnostics;
using System.Text;
using MlPerfEdu.Cli;

namespace MlPerfEdu.Workloads.Tests.Cli;

/// <summary>The program itself in a process of its own, on the clone that the tests were built in and on generated data.</summary>
sealed class RealProgram : IDisposable
{
    // Only against a test that never ends: a busy machine may take long.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    readonly string cache = Directory.CreateTempSubdirectory("mlperfedu-program-").FullName;
    readonly StringBuilder output = new(), error = new();
    readonly Process process;

    RealProgram(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = ThisClone.Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("MLPERFEDU_DATA");
        start.Environment["MLPERFEDU_CACHE"] = cache;
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Add(output, line.Data);
        process.ErrorDataReceived += (_, line) => Add(error, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    static string Assembly => typeof(Program).Assembly.Location;

    public string Error
    {
        get
        {
            lock (error)
                return error.ToString();
        }
    }

    public bool IgnoresInterrupts
    {
        get
        {
            const string ignored = "SigIgn:";
            var status = $"/proc/{process.Id}/status";
            return File.Exists(status) && File.ReadLines(status).FirstOrDefault(line => line.StartsWith(ignored, StringComparison.Ordinal)) is { } line
                && (Convert.ToUInt64(line[ignored.Length..].Trim(), 16) & 1 << (Interrupt - 1)) != 0;
        }
    }

    const int Interrupt = 2;

    public static RealProgram Start(params string[] arguments) => new("dotnet", ["exec", Assembly, .. arguments]);

    /// <summary>By a shell, in whose command `mlperfedu` is the program.</summary>
    public static RealProgram StartInShell(string command) => new("sh", "-c", command.Replace("mlperfedu", $"dotnet exec '{Assembly}'", StringComparison.Ordinal));

    public void WaitForRemark(string text)
    {
        var watch = Stopwatch.StartNew();
        while (!Error.Contains(text, StringComparison.Ordinal))
        {
            Assert.True(watch.Elapsed < Patience && !process.HasExited, $"'{text}' was never said: {Error}");
            Thread.Sleep(20);
        }
    }

    /// <param name="signal">As `kill` names it.</param>
    public void Send(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        kill.WaitForExit();
    }

    public Answer Finish()
    {
        Assert.True(process.WaitForExit(Patience), $"It does not end: {Error}");
        // Also waits for the last lines.
        process.WaitForExit();
        return new(process.ExitCode, output.ToString(), Error);
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        process.Dispose();
        Directory.Delete(cache, recursive: true);
    }

    static void Add(StringBuilder text, string? line)
    {
        lock (text)
            text.AppendLine(line);
    }
}

/// <summary>Signals and closed streams are those of Unix.</summary>
sealed class UnixTheoryAttribute : TheoryAttribute
{
    public UnixTheoryAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "Signals and streams closed by a shell are of Unix; Windows has neither.";
    }
}
