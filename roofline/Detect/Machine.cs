using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MlPerfEdu.Roofline.Detect;

/// <summary>Asks the system that this process runs on.</summary>
public static class Machine
{
    const string CacheFolder = "/sys/devices/system/cpu/cpu0/cache";

    public static MachineFacts Facts()
    {
        var architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        var isa = InstructionSets.Supported();
        var threads = Environment.ProcessorCount;
        if (OperatingSystem.IsLinux())
            return LinuxFacts.Parse(architecture, Read("/proc/cpuinfo"), Read("/proc/meminfo"), Caches(), isa, threads);
        if (OperatingSystem.IsMacOS())
            return MacFacts.Parse(architecture, Sysctl(), isa, threads);
        return OtherFacts(architecture, isa, threads);
    }

    static MachineFacts OtherFacts(string architecture, IReadOnlyList<string> isa, int threads) => new()
    {
        OsFamily = OperatingSystem.IsWindows() ? "windows" : "other",
        Architecture = architecture,
        CpuVendor = MachineFacts.Unknown,
        CpuModel = Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? MachineFacts.Unknown,
        Isa = isa,
        PhysicalCores = 0,
        LogicalCores = threads,
        AvailableThreads = threads,
        Caches = [],
        MemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
    };

    // Containers may hide parts of /sys; what is hidden is unknown, not an error.
    static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    static LinuxCache[] Caches() => !Directory.Exists(CacheFolder)
        ? []
        : [.. Directory.EnumerateDirectories(CacheFolder, "index*").Order(StringComparer.Ordinal).Select(Cache)];

    static LinuxCache Cache(string folder) => new(
        Read(Path.Combine(folder, "level")),
        Read(Path.Combine(folder, "type")),
        Read(Path.Combine(folder, "size")),
        Read(Path.Combine(folder, "shared_cpu_list")));

    static string Sysctl()
    {
        var start = new ProcessStartInfo("/usr/sbin/sysctl", ["machdep.cpu", "hw"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start);
        if (process is null)
            return "";
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process.StandardOutput.ReadToEnd();
    }
}
