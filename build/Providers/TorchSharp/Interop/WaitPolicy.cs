namespace TorchSharp.Interop;

/// <summary>How long OpenMP's threads spin for each other before they sleep.</summary>
internal static class WaitPolicy
{
    // Some 20 µs, about the gap between two operators of a small model. Half of it makes such a model's step a tenth slower on a free
    // machine, three times of it gains nothing more, and beside a busy process the step takes longer in proportion to it.
    private const string ShortSpin = "8000";

    /// <summary>OpenMP reads its settings once, when it is loaded; whatever the user set stays.</summary>
    internal static void Choose()
    {
        if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null && Environment.GetEnvironmentVariable("GOMP_SPINCOUNT") is null)
            NativeEnvironment.Set("GOMP_SPINCOUNT", ShortSpin);
    }
}
