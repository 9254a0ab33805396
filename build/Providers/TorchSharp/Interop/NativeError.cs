using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>libtorch's own message, as the exception type that TorchSharp uses.</summary>
internal static unsafe class NativeError
{
    /// <summary>What managed code threw while libtorch was calling it.</summary>
    [ThreadStatic] internal static Exception? Pending;

    internal static ExternalException Last()
    {
        var cause = Pending;
        Pending = null;
        return new(Marshal.PtrToStringUTF8((nint)Native.mt_last_error()), cause);
    }

    internal static void Check(long status)
    {
        if (status < 0) throw Last();
    }

    /// <summary>For functions whose NULL may mean "nothing" as well as "failed".</summary>
    internal static void CheckText()
    {
        if (*Native.mt_last_error() != 0) throw Last();
    }

    internal static nint Check(nint pointer) => pointer != 0 ? pointer : throw Last();
}
