using System.Diagnostics;
using System.Globalization;

namespace MlPerfEdu.Roofline.Measure;

public sealed class SystemClock : IClock
{
    const string Tasks = "/proc/self/task";

    public double Seconds => (double)Stopwatch.GetTimestamp() / Stopwatch.Frequency;

    public double? QueuedSeconds => OperatingSystem.IsLinux() ? Queued(Tasks) : null;

    internal static double Queued(string tasks) => Directory.EnumerateDirectories(tasks).Sum(QueuedTask);

    /// <summary>"on a core, waiting for one, slices": nanoseconds, and a count.</summary>
    static double QueuedTask(string task)
    {
        try
        {
            var fields = File.ReadAllText(Path.Combine(task, "schedstat")).Split(' ');
            return fields.Length > 1 ? long.Parse(fields[1], CultureInfo.InvariantCulture) / 1e9 : 0;
        }
        catch (IOException)
        {
            return 0; // The thread has ended since it was listed.
        }
    }
}
