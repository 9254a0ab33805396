using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MlPerfEdu.Engine;

/// <summary>The program that runs this process, whatever the process is called.</summary>
static class DotnetHost
{
    // shared/Microsoft.NETCore.App/<version> lies below it.
    public static string Path { get; } =
        System.IO.Path.GetFullPath(System.IO.Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
}

static partial class Signals
{
    public const int Kill = 9, Terminate = 15;

    /// <param name="process">Negative for a group of processes.</param>
    [LibraryImport("libc", EntryPoint = "kill")]
    public static partial int Send(int process, int signal);
}

/// <summary>The first line of a program's output, usually its version.</summary>
static class FirstLine
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <returns>Null when there is no such program, or it fails.</returns>
    public static string? Of(string program, string argument, string folder = "")
    {
        try
        {
            var start = new ProcessStartInfo(program, [argument])
            {
                RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder,
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

/// <summary>What a child process wrote last, for the message that tells of its end. Lines come from a thread of their own.</summary>
sealed class LastLines(int most)
{
    readonly Queue<string> lines = new();

    /// <param name="line">Absent at the end of the stream.</param>
    public void Add(string? line)
    {
        if (line is null)
            return;
        lock (lines)
        {
            lines.Enqueue(line);
            if (lines.Count > most)
                lines.Dequeue();
        }
    }

    public override string ToString()
    {
        lock (lines)
            return string.Join('\n', lines);
    }
}
