namespace TorchSharp.Interop;

/// <summary>
/// Debian lets libblas.so.3 be one of several libraries, and libtorch takes the one chosen. The build of OpenBLAS for OpenMP
/// shares libtorch's threads and is twice as fast as one with threads of its own, so it is loaded first, whatever the
/// choice: the loader knows a library by its name and does not look for another one.
/// </summary>
internal static class BlasLoader
{
    internal static (string File, bool IsFast) Load(string libtorchFolder)
    {
        if (!OperatingSystem.IsLinux()) return ("the system's", true);
        foreach (var folder in new[] { "openblas-openmp", "openblas-pthread", "openblas-serial" })
        {
            var path = Path.Combine(libtorchFolder, folder);
            if (Open(Path.Combine(path, "libopenblas.so.0")) & Open(Path.Combine(path, "libblas.so.3")))
            {
                Open(Path.Combine(path, "liblapack.so.3"));
                return (Path.Combine(path, "libblas.so.3"), true);
            }
        }
        var chosen = new FileInfo(Path.Combine(libtorchFolder, "libblas.so.3"));
        // libtorch's own builds carry their BLAS inside.
        if (!chosen.Exists) return ("libtorch's own", true);
        var target = chosen.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? chosen.FullName;
        return (target, !target.StartsWith(Path.Combine(libtorchFolder, "blas"), StringComparison.Ordinal));
    }

    private static bool Open(string path) => File.Exists(path) && NativeEnvironment.LoadGlobally(path);
}
