using System.Runtime.InteropServices;

namespace MlPerfEdu.Roofline.Torch;

/// <summary>The process as native libraries see it: its environment, its memory, its end.</summary>
public static partial class NativeProcess
{
    // Some 10 µs, about the gap between two operators of a small model. Longer gains little on a free machine and makes the same
    // step three times slower next to one busy process; sleeping at once doubles its time on a free one.
    const string ShortSpin = "4000";

    /// <summary>Returns freed memory to the system.</summary>
    public static void ReleaseUnusedMemory()
    {
        if (OperatingSystem.IsLinux() && HasGlibc)
            _ = malloc_trim(0);
    }

    /// <summary>
    /// Memory that is read at random should take large pages: with small ones nearly every access first looks for its page. A system that does not
    /// offer them answers with an error, which changes nothing.
    /// </summary>
    public static void PreferLargePages(nint address, long bytes)
    {
        const int hugePages = 14, page = 1 << 21;
        var (from, until) = ((address + page - 1) / page * page, (address + (nint)bytes) / page * page);
        if (OperatingSystem.IsLinux() && HasGlibc && until > from)
            _ = madvise(from, (nuint)(until - from), hugePages);
    }

    /// <summary>Ends the process at once: no destructor runs, in no library.</summary>
    public static void ExitNow(int code)
    {
        if (OperatingSystem.IsWindows())
            TerminateProcess(GetCurrentProcess(), (uint)code);
        else
            ExitUnix(code);
    }

    /// <summary>OpenMP and libtorch's log read their settings once, when they are loaded; whatever the user set stays.</summary>
    internal static void PrepareForLibtorch(int threads)
    {
        Set("OMP_NUM_THREADS", $"{threads}");
        if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null && Environment.GetEnvironmentVariable("GOMP_SPINCOUNT") is null)
            Set("GOMP_SPINCOUNT", ShortSpin);
        // Without it, every recording writes two lines to the terminal.
        if (Environment.GetEnvironmentVariable("TORCH_CPP_LOG_LEVEL") is null)
            Set("TORCH_CPP_LOG_LEVEL", "ERROR");
        KeepLargeBlocks();
    }

    /// <summary>
    /// A step frees and allocates the same tensors again. By its defaults, glibc's malloc gives large ones back to the system each time,
    /// and the next step pays for their pages again: a quarter of the time of a small convolutional network.
    /// </summary>
    static void KeepLargeBlocks()
    {
        const int trimThreshold = -1, topPad = -2, mmapThreshold = -3, gibibyte = 1 << 30;
        if (!OperatingSystem.IsLinux() || !HasGlibc)
            return;
        _ = mallopt(mmapThreshold, gibibyte);
        _ = mallopt(trimThreshold, gibibyte);
        _ = mallopt(topPad, 64 << 20);
    }

    static bool HasGlibc { get; } = NativeLibrary.TryLoad("libc.so.6", out _);

    // Environment.SetEnvironmentVariable changes a managed copy, which native libraries never see.
    static void Set(string name, string value)
    {
        if (OperatingSystem.IsWindows())
            _ = _putenv_s(name, value);
        else
            _ = setenv(name, value, 1);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);

    [LibraryImport("ucrtbase", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int _putenv_s(string name, string value);

    [LibraryImport("libc")]
    private static partial int mallopt(int parameter, int value);

    [LibraryImport("libc")]
    private static partial int malloc_trim(nuint keep);

    [LibraryImport("libc")]
    private static partial int madvise(nint address, nuint length, int advice);

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitUnix(int code);

    [LibraryImport("kernel32")]
    private static partial nint GetCurrentProcess();

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool TerminateProcess(nint process, uint exitCode);
}

/// <summary>How many threads operators use: OMP_NUM_THREADS, else the physical cores that this process may run on.</summary>
static class ThreadCount
{
    public static int ForThisProcess()
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("OMP_NUM_THREADS"), out var wanted) && wanted > 0)
            return wanted;
        var available = Environment.ProcessorCount;
        return Math.Clamp(PhysicalCores() ?? available, 1, available);
    }

    /// <summary>Two logical processors of one core share its arithmetic units and are one here.</summary>
    static int? PhysicalCores()
    {
        const string processors = "/sys/devices/system/cpu";
        try
        {
            var siblings = Directory.EnumerateDirectories(processors, "cpu*")
                .Select(folder => Path.Combine(folder, "topology", "thread_siblings_list"))
                .Where(File.Exists)
                .Select(File.ReadAllText)
                .Distinct()
                .Count();
            return siblings > 0 ? siblings : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
