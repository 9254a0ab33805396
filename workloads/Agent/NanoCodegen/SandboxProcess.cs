using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using MlPerfEdu.Engine;

namespace MlPerfEdu.Workloads.Agent.NanoCodegen;

/// <summary>
/// The process that programs run in, one after another. Whatever the interpreter's own limits miss, such as one long call of a built-in function, ends with
/// the process, and the next program gets a new one.
/// </summary>
static class SandboxProcess
{
    /// <summary>The only argument of such a process.</summary>
    public const string Role = "sandboxed-programs";

    // All memory of the process, in hexadecimal digits: 384 MiB.
    const string MostMemory = "18000000", Ready = "ready";

    // Processor time counts, which other processes do not take away; and a program that waits ends, too.
    static readonly TimeSpan MostWork = 2 * Sandbox.Longest, MostWaiting = TimeSpan.FromSeconds(60), Pause = TimeSpan.FromMilliseconds(10);

    static readonly Lock turn = new();
    static Process? process;

    sealed record Job(string Program, IReadOnlyList<CodeTest> Tests);

    public static Verdict Run(string program, IReadOnlyList<CodeTest> tests)
    {
        lock (turn)
        {
            process ??= Start();
            process.StandardInput.WriteLine(JsonSerializer.Serialize(new Job(program, tests)));
            if (Answer(process) is { } answer) return Enum.Parse<Verdict>(answer);
            process.Kill();
            process.Dispose();
            process = null;
            return Verdict.Stopped;
        }
    }

    static Process Start()
    {
        var start = new ProcessStartInfo(DotnetHost.Path, ["exec", typeof(SandboxProcess).Assembly.Location, Role])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["DOTNET_GCHeapHardLimit"] = MostMemory;
        var started = Process.Start(start)!;
        // A stack that is full is printed, frame by frame.
        started.BeginErrorReadLine();
        if (started.StandardOutput.ReadLine() == Ready) return started;
        started.WaitForExit();
        throw new InvalidOperationException($"The process for programs ended with {started.ExitCode} before the first one.");
    }

    // Null when the process ended, or went on for too long.
    static string? Answer(Process running)
    {
        var answer = running.StandardOutput.ReadLineAsync();
        var (began, worked) = (Stopwatch.GetTimestamp(), Worked(running));
        while (!answer.Wait(Pause))
        {
            if (Worked(running) - worked > MostWork || Stopwatch.GetElapsedTime(began) > MostWaiting) return null;
        }
        return answer.Result;
    }

    static TimeSpan Worked(Process running)
    {
        try
        {
            running.Refresh();
            return running.TotalProcessorTime;
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception)
        {
            // It has ended, and its output with it.
            return TimeSpan.Zero;
        }
    }

    /// <summary>What this process does in that role: it reads a program per line and writes its verdict, until there are no more.</summary>
    public static int Serve(TextReader jobs, TextWriter verdicts)
    {
        // Compiles the interpreter before the first program's time begins.
        Sandbox.RunHere("function f(a){return a}", [new("1", "1")]);
        verdicts.WriteLine(Ready);
        while (jobs.ReadLine() is { } line)
        {
            var (program, tests) = JsonSerializer.Deserialize<Job>(line)!;
            verdicts.WriteLine(Sandbox.RunHere(program, tests));
        }
        return 0;
    }
}
