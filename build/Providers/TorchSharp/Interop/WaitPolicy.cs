namespace TorchSharp.Interop;

/// <summary>
/// How OpenMP's threads wait for each other. On a free machine a short spin halves the step of a small model; beside a busy process
/// the same spin keeps the processor from the thread that is waited for, and small operators take ten times as long as with sleeping threads.
/// </summary>
internal static class WaitPolicy
{
    private const int Looks = 5;

    // Some 20 µs: longer than the gap between two operators of a small model.
    private const string ShortSpin = "10000";

    /// <summary>OpenMP reads its settings once, when it is loaded; whatever the user set stays.</summary>
    internal static void Choose()
    {
        if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is not null || Environment.GetEnvironmentVariable("GOMP_SPINCOUNT") is not null) return;
        if (OthersAreRunning()) NativeEnvironment.Set("OMP_WAIT_POLICY", "PASSIVE");
        else NativeEnvironment.Set("GOMP_SPINCOUNT", ShortSpin);
    }

    // The fourth field of /proc/loadavg is "running/all"; this thread is one of the running. A busy process is seen at every look.
    private static bool OthersAreRunning()
    {
        const string load = "/proc/loadavg";
        try
        {
            for (var look = 0; look < Looks; look++)
            {
                if (look > 0) Thread.Sleep(1);
                if (int.Parse(File.ReadAllText(load).Split(' ')[3].Split('/')[0]) <= 1) return false;
            }
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException)
        {
            return false;
        }
    }
}
