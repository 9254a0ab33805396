using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>Loads libtorch when it is first needed, with the settings that decide its speed.</summary>
internal static class Startup
{
    private static readonly Lock s_lock = new();
    private static nint s_library;

    internal static string LibtorchFolder { get; } = Metadata("LibtorchFolder");

    internal static string Blas { get; private set; } = "";

    internal static bool IsFastBlas { get; private set; }

    /// <summary>How much freed tensor memory is kept for reuse; 0 when libtorch's own allocator is in use.</summary>
    internal static long CacheBytes { get; private set; }

    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2255", Justification = "Nothing may call libtorch before this.")]
    internal static void Register() => NativeLibrary.SetDllImportResolver(typeof(Startup).Assembly, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Native.Library) return 0;
        lock (s_lock)
        {
            if (s_library == 0) s_library = Load();
            return s_library;
        }
    }

    private static nint Load()
    {
        var threads = ThreadCount.ForThisProcess();
        NativeEnvironment.Set("OMP_NUM_THREADS", threads.ToString());
        WaitPolicy.Choose();
        (Blas, IsFastBlas) = BlasLoader.Load(LibtorchFolder);
        var library = NativeLibrary.Load(FindLibrary());
        Configure(library, threads);
        return library;
    }

    private static unsafe void Configure(nint library, int threads)
    {
        ((delegate* unmanaged<int>)NativeLibrary.GetExport(library, nameof(Native.mt_keep_large_blocks)))();
        ((delegate* unmanaged<int, void>)NativeLibrary.GetExport(library, nameof(Native.mt_set_num_threads)))(threads);
        CacheBytes = TensorCache.BytesForThisProcess();
        if (CacheBytes > 0)
            _ = ((delegate* unmanaged<long, int>)NativeLibrary.GetExport(library, nameof(Native.mt_cache_limit)))(CacheBytes);
    }

    private static string FindLibrary()
    {
        var file = OperatingSystem.IsMacOS() ? $"lib{Native.Library}.dylib" : $"lib{Native.Library}.so";
        var folder = Path.GetDirectoryName(typeof(Startup).Assembly.Location);
        if (string.IsNullOrEmpty(folder)) folder = AppContext.BaseDirectory;
        var path = Path.Combine(folder, file);
        if (File.Exists(path)) return path;
        throw new DllNotFoundException($"Found no {file} in '{folder}', expected it beside TorchSharp.dll. Build the project again.");
    }

    private static string Metadata(string key) => typeof(Startup).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(attribute => attribute.Key == key)?.Value ?? "";
}
