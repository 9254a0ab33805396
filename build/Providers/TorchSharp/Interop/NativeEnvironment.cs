using System.Runtime.InteropServices;
using System.Text;

namespace TorchSharp.Interop;

/// <summary>What .NET's own calls do not reach: the process environment that C libraries read, and global symbol loading.</summary>
internal static unsafe class NativeEnvironment
{
    private const int LoadNow = 2, LoadGlobal = 0x100;

    /// <summary>Environment.SetEnvironmentVariable changes a managed copy, which OpenMP never sees.</summary>
    internal static void Set(string name, string value)
    {
        fixed (byte* key = Terminated(name), text = Terminated(value)) _ = setenv(key, text, 1);
    }

    internal static bool LoadGlobally(string path)
    {
        fixed (byte* text = Terminated(path)) return dlopen(text, LoadNow | LoadGlobal) != 0;
    }

    private static byte[] Terminated(string text) => Encoding.UTF8.GetBytes(text + '\0');

    [DllImport("libc")]
    private static extern int setenv(byte* name, byte* value, int overwrite);

    [DllImport("libc")]
    private static extern nint dlopen(byte* path, int flags);
}
