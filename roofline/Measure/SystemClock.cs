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
