using System.Diagnostics;

namespace MlPerfEdu.Roofline.Measure;

public interface IClock
{
    /// <summary>Since some fixed moment; never goes back.</summary>
    double Seconds { get; }

    /// <summary>How long threads of this process were ready to run and had no core, summed; absent where the system does not say.</summary>
    double? QueuedSeconds { get; }
}

public sealed class SystemClock : IClock
{
    public double Seconds => (double)Stopwatch.GetTimestamp() / Stopwatch.Frequency;
    public double? QueuedSeconds => OperatingSystem.IsLinux() ? Queued("/proc/self/task") : null;
    internal static double Queued(string tasks) => Directory.EnumerateDirectories(tasks).Sum(QueuedTask);

    /// <summary>"on a core, waiting for one, slices": nanoseconds, and a count.</summary>
    static double QueuedTask(string task)
    {
        try
        {
            var fields = File.ReadAllText(Path.Combine(task, "schedstat")).Split(' ');
            return fields.Length > 1 ? long.Parse(fields[1]) / 1e9 : 0;
        }
        catch (IOException)
        {
            return 0; // The thread has ended since it was listed.
        }
    }
}

/// <summary>The largest resident set of this process.</summary>
public static class PeakMemory
{
    public static long Bytes()
    {
        using var process = Process.GetCurrentProcess();
        // Not every system keeps the peak.
        return Math.Max(process.PeakWorkingSet64, process.WorkingSet64);
    }

    /// <summary>Starts a new peak, so that one workload's is not another's. False where the system does not allow it.</summary>
    public static bool Restart()
    {
        if (!OperatingSystem.IsLinux())
            return false;
        try
        {
            // "5" sets the peak back to what is resident now (proc(5)).
            File.WriteAllText("/proc/self/clear_refs", "5");
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
