using System.Diagnostics;

namespace MlPerfEdu.Roofline.Measure;

/// <summary>The largest resident set of this process since a moment, whatever ran in it before: one workload's is not another's.</summary>
public sealed class PeakMemory : IDisposable
{
    public const string Kept = "the system's own, started anew for the run";
    public const string Sampled = "the working set, looked at every tenth of a second";

    static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.1);

    readonly Timer? sampler;
    readonly Lock looking = new();
    long largest;

    PeakMemory(bool sampled) => sampler = sampled ? new Timer(_ => Look(), null, TimeSpan.Zero, Interval) : null;

    /// <summary>From now on. Only Linux lets its own peak be started anew, where the system allows it.</summary>
    public static PeakMemory Start() => new(sampled: !Restart());

    internal static PeakMemory StartSampling() => new(sampled: true);

    /// <summary>How the peak is found.</summary>
    public string From => sampler is null ? Kept : Sampled;

    public long Bytes()
    {
        if (sampler is not null)
            return Look();
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    public void Dispose() => sampler?.Dispose();

    long Look()
    {
        using var process = Process.GetCurrentProcess();
        lock (looking)
            return largest = Math.Max(largest, process.WorkingSet64);
    }

    static bool Restart()
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
