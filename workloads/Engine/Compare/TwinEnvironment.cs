using System.Globalization;

namespace MlPerfEdu.Workloads.Compare;

/// <summary>Gives a twin what this process runs with: the same threads, and a malloc that keeps large blocks.</summary>
static class TwinEnvironment
{
    public static IReadOnlyDictionary<string, string> Of(int threads)
    {
        var count = threads.ToString(CultureInfo.InvariantCulture);
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["OMP_NUM_THREADS"] = count,
            ["MKL_NUM_THREADS"] = count,
            ["OPENBLAS_NUM_THREADS"] = count,
            // As roofline/Torch/NativeProcess.cs sets them; a malloc other than glibc's does not read them.
            ["MALLOC_MMAP_THRESHOLD_"] = "1073741824",
            ["MALLOC_TRIM_THRESHOLD_"] = "1073741824",
            ["MALLOC_TOP_PAD_"] = "67108864",
        };
    }
}
