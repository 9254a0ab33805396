using System.Diagnostics;

namespace MlPerfEdu.Roofline.Measure;

/// <summary>The largest resident set of this process.</summary>
public static class PeakMemory
{
    // "5" sets the peak back to what is resident now (proc(5)).
    const string ResetFile = "/proc/self/clear_refs";
    const string ResetPeak = "5";

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
            File.WriteAllText(ResetFile, ResetPeak);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
