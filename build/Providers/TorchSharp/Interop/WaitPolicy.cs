namespace TorchSharp.Interop;

/// <summary>How long OpenMP's threads spin for each other before they sleep.</summary>
internal static class WaitPolicy
{
    // Some 10 µs, about the gap between two operators of a small model. Longer gains little on a free machine and makes the same
    // step three times slower beside one busy process; sleeping at once doubles its time on a free one.
    private const string ShortSpin = "4000";

    /// <summary>OpenMP reads its settings once, when it is loaded; whatever the user set stays.</summary>
    internal static void Choose()
    {
        if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null && Environment.GetEnvironmentVariable("GOMP_SPINCOUNT") is null)
            NativeEnvironment.Set("GOMP_SPINCOUNT", ShortSpin);
    }
}
