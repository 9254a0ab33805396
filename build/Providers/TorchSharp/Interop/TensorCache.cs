namespace TorchSharp.Interop;

/// <summary>How much memory of freed tensors is kept for the next ones.</summary>
internal static class TensorCache
{
    /// <summary>Megabytes; 0 leaves libtorch's own allocator in place.</summary>
    private const string Variable = "MLPERFEDU_TENSOR_CACHE_MB";

    internal static long BytesForThisProcess()
    {
        if (long.TryParse(Environment.GetEnvironmentVariable(Variable), out var megabytes) && megabytes >= 0) return megabytes << 20;
        // A quarter of what this process may use: a training step's activations fit, and a full cache still leaves most of it.
        return GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4;
    }
}
