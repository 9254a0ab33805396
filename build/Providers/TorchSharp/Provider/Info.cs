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

    /// <summary>How libtorch was configured and how it runs in parallel, in its own words.</summary>
    public static string Settings => Text(Native.mt_build_settings());

    internal static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";
}
