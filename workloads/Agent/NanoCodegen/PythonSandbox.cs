using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using MlPerfEdu.Engine;

namespace MlPerfEdu.Workloads.Agent.NanoCodegen;

/// <summary>
/// Runs a Python program that nobody has read: a process of its own in a group of its own, with limits of processor time, memory and files, without files
/// to open, sockets or children, that is ended with its group when it takes too long.
/// </summary>
/// <param name="python">The interpreter.</param>
sealed class PythonSandbox(string python)
{
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(20), Farewell = TimeSpan.FromSeconds(5);

    // What programs like to import is there before nothing can be opened any more. The word that says "passed" is not the program's to know.
    const string Script =
        """
        import json, os, resource, sys
        import bisect, cmath, collections, copy, datetime, functools, heapq, itertools, math, operator, random, re, statistics, string, typing
        job = json.loads(sys.stdin.readline())
        os.setsid()
        def limit(kind, most): resource.setrlimit(kind, (most, most))
        limit(resource.RLIMIT_CPU, 2)
        limit(resource.RLIMIT_AS, 1 << 29)
        limit(resource.RLIMIT_FSIZE, 0)
        limit(resource.RLIMIT_CORE, 0)
        limit(resource.RLIMIT_NPROC, 0)
        limit(resource.RLIMIT_NOFILE, 3)
        refused = {"open", "os", "socket", "subprocess", "shutil", "ctypes", "pty", "signal", "gc", "tempfile", "glob", "mmap", "resource", "syslog"}
        def passed(write=os.write, word=job.pop("word").encode()): write(1, word)
        sys.stdout = sys.stderr = type("Nowhere", (), {"write": lambda *_: 0, "flush": lambda *_: None})()
        def hook(event, _):
            if event.split(".")[0] in refused: raise PermissionError(event)
        sys.addaudithook(hook)
        scope = {"__name__": "program"}
        try:
            for text in (job["program"], *job["tests"]): exec(text, scope)
        except AssertionError:
            sys.exit(3)
        except BaseException:
            sys.exit(4)
        passed()
        """;

    const int Failed = 3, Threw = 4;

    /// <returns>The sandbox, or null and why there is none.</returns>
    public static (PythonSandbox? Sandbox, string? WhyNot) Open(string python = "python3")
    {
        if (OperatingSystem.IsWindows()) return (null, "Windows has no limits for a process");
        var sandbox = new PythonSandbox(python);
        try
        {
            return sandbox.Run("def f(x): return x", ["assert f(1) == 1"]) == Verdict.Passed ? (sandbox, null) : (null, $"{python} does not run a program within limits");
        }
        catch (Win32Exception)
        {
            return (null, $"there is no {python}");
        }
    }

    /// <param name="tests">Lines that end the program where they fail.</param>
    public Verdict Run(string program, IReadOnlyList<string> tests)
    {
        var word = $"{Guid.NewGuid()}";
        // -I: without the user's settings and the folder that it runs in.
        var start = new ProcessStartInfo(python, ["-I", "-c", Script])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment.Clear();
        using var process = Process.Start(start)!;
        process.BeginErrorReadLine();
        var answer = process.StandardOutput.ReadToEndAsync();
        process.StandardInput.WriteLine(JsonSerializer.Serialize(new { program, tests, word }));
        var ended = process.WaitForExit(Longest);
        // And what it may have left behind.
        _ = Signals.Send(-process.Id, Signals.Kill);
        if (!ended)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            return Verdict.Stopped;
        }
        return process.ExitCode switch
        {
            0 when answer.Wait(Farewell) && answer.Result == word => Verdict.Passed,
            Failed => Verdict.WrongValue,
            Threw => Verdict.Threw,
            // A signal, or an end of its own.
            _ => Verdict.Stopped,
        };
    }
}
