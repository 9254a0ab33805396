namespace TorchSharp.Interop;

/// <summary>How long OpenMP's threads spin for each other before they sleep.</summary>
internal static class WaitPolicy
{
    // Some 40 µs, which covers the gaps between the operators of a small model. With half of it such a model's step takes a sixth longer,
    // with more nothing is gained, and beside a busy process the step takes longer in proportion to it.
    private const string ShortSpin = "16000";

    /// <summary>OpenMP reads its settings once, when it is loaded; whatever the user set stays.</summary>
    internal static void Choose()
    {
        if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null && Environment.GetEnvironmentVariable("GOMP_SPINCOUNT") is null)
            NativeEnvironment.Set("GOMP_SPINCOUNT", ShortSpin);
    }
}
