using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp.Provider;

/// <summary>What this stand-in runs on. Not part of TorchSharp's API: reached by reflection, so that callers work without it.</summary>
public static unsafe class Info
{
    public static string Name => "system";

    public static string LibtorchVersion { get; } = Text(Native.mt_libtorch_version());

    /// <summary>The folder of libtorch's own libraries.</summary>
    public static string LibtorchFolder => Startup.LibtorchFolder;

    /// <summary>The BLAS library that was loaded, or that the system's loader chose.</summary>
    public static string Blas => Startup.Blas;

    /// <summary>False when matrix products run in the slow reference implementation.</summary>
    public static bool IsFastBlas => Startup.IsFastBlas;

    public static int Threads => Native.mt_get_num_threads();

    /// <summary>Which allocator tensors come from, and for the caching one how much it may keep.</summary>
    public static string Allocator => Startup.CacheBytes > 0 ? $"caching, up to {Startup.CacheBytes >> 20} MB" : "libtorch's own";

    /// <summary>What the caching allocator holds: bytes kept for reuse, bytes in use, requests served from what was kept, others.</summary>
    public static (long Kept, long InUse, long Reused, long Fresh) Memory
    {
        get
        {
            long kept, inUse, reused, fresh;
            Native.mt_cache_counters(&kept, &inUse, &reused, &fresh);
            return (kept, inUse, reused, fresh);
        }
    }

    /// <summary>Gives what is kept for reuse back to the system.</summary>
    public static void ReleaseUnusedMemory() => Native.mt_release_unused();

    /// <summary>How libtorch was configured and how it runs in parallel, in its own words.</summary>
    public static string Settings => Text(Native.mt_build_settings());

    internal static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";
}
