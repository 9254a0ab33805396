using System.Globalization;

namespace MlPerfEdu.Workloads.Compare;

/// <summary>Gives a twin what this process runs on: threads, BLAS, and a malloc that keeps large blocks.</summary>
static class TwinEnvironment
{
    const string Preload = "LD_PRELOAD";

    /// <param name="blas">The BLAS library of this process; null where the provider does not say, nor what else it sets.</param>
    public static IReadOnlyDictionary<string, string> Of(int threads, string? blas, Func<string, string?> variable)
    {
        var count = threads.ToString(CultureInfo.InvariantCulture);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["OMP_NUM_THREADS"] = count,
            ["MKL_NUM_THREADS"] = count,
            ["OPENBLAS_NUM_THREADS"] = count,
        };
        if (blas is null || !OperatingSystem.IsLinux())
            return environment;
        // As mt_keep_large_blocks of the stand-in sets them.
        environment["MALLOC_MMAP_THRESHOLD_"] = environment["MALLOC_TRIM_THRESHOLD_"] = "1073741824";
        environment["MALLOC_TOP_PAD_"] = "67108864";
        if (File.Exists(blas))
            environment[Preload] = string.Join(':', Libraries(blas).Append(variable(Preload) ?? "").Where(file => file.Length > 0));
        return environment;
    }

    // libtorch asks for both names.
    static IEnumerable<string> Libraries(string blas) =>
        new[] { blas, Path.Combine(Path.GetDirectoryName(blas)!, "libopenblas.so.0") }.Where(File.Exists);
}
