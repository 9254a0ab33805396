using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Arm = System.Runtime.Intrinsics.Arm;

namespace MlPerfEdu.Roofline.Detect;

/// <summary>Reads the facts of the machine that this process runs on.</summary>
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
            return MacFacts.Parse(architecture, ProgramOutput.Of("/usr/sbin/sysctl", "machdep.cpu", "hw").Output, isa, threads);
        return new()
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
    }

    // Containers may hide parts of /sys: a hidden fact is unknown, not an error.
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
        : [.. Directory.EnumerateDirectories(CacheFolder, "index*").Order(StringComparer.Ordinal).Select(folder => new LinuxCache(
            Read(Path.Combine(folder, "level")),
            Read(Path.Combine(folder, "type")),
            Read(Path.Combine(folder, "size")),
            Read(Path.Combine(folder, "shared_cpu_list"))))];
}

/// <summary>The facts that the machine states. Words it does not state are "unknown", numbers 0.</summary>
public sealed record MachineFacts
{
    public const string Unknown = "unknown";

    /// <summary>linux, macos or windows.</summary>
    public required string OsFamily { get; init; }

    /// <summary>x64, arm64, …</summary>
    public required string Architecture { get; init; }

    public required string CpuVendor { get; init; }
    public required string CpuModel { get; init; }

    /// <summary>Vector and matrix extensions, sorted: those that .NET can use, and those that only the system names.</summary>
    public required IReadOnlyList<string> Isa { get; init; }

    public required int PhysicalCores { get; init; }
    public required int LogicalCores { get; init; }

    /// <summary>Processors this process may use; affinity and container limits included.</summary>
    public required int AvailableThreads { get; init; }

    public required IReadOnlyList<CacheFact> Caches { get; init; }
    public required long MemoryBytes { get; init; }

    [JsonIgnore]
    public long? LastLevelCacheBytes => Caches.Where(cache => cache.Kind != "instruction").MaxBy(cache => cache.Level)?.Bytes;
}

/// <param name="Kind">data, instruction or unified.</param>
/// <param name="SharedBy">Logical processors that share one such cache; 0 when unknown.</param>
public sealed record CacheFact(int Level, string Kind, long Bytes, int SharedBy);

static class ProgramOutput
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>What a program wrote; without an exit code where it is not installed or did not end in time.</summary>
    public static (int? ExitCode, string Output) Of(string program, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
            using var process = Process.Start(start)!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            var output = process.StandardOutput.ReadToEndAsync();
            if (process.WaitForExit(Patience))
                return (process.ExitCode, output.Result);
            process.Kill();
        }
        catch (Win32Exception)
        {
        }

        return (null, "");
    }
}

public static class InstructionSets
{
    /// <summary>Any of these multiplies bf16 numbers faster than fp32 ones.</summary>
    public static IReadOnlyList<string> OfBf16 { get; } = ["amx_bf16", "avx512_bf16", "bf16"];

    // Those that .NET does not report, in Linux's spelling. Its kernel names AMX only where programs may ask for it.
    static readonly string[] OfTheSystem = ["amx_bf16", "amx_int8", "amx_tile", "avx512_bf16", "bf16", "i8mm", "sme", "sve", "sve2"];

    /// <summary>Those that .NET can use, and those among the system's words that .NET does not report; sorted.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> usable, IEnumerable<string> words) =>
        [.. usable.Union(words.Intersect(OfTheSystem)).Order(StringComparer.Ordinal)];

    public static IReadOnlyList<string> Supported()
    {
        (string Name, bool Supported)[] known =
        [
            ("sse2", Sse2.IsSupported),
            ("sse4.2", Sse42.IsSupported),
            ("avx", Avx.IsSupported),
            ("avx2", Avx2.IsSupported),
            ("fma", Fma.IsSupported),
            ("bmi2", Bmi2.IsSupported),
            ("avxvnni", AvxVnni.IsSupported),
            ("avx512f", Avx512F.IsSupported),
            ("avx512bw", Avx512BW.IsSupported),
            ("avx512cd", Avx512CD.IsSupported),
            ("avx512dq", Avx512DQ.IsSupported),
            ("avx512vbmi", Avx512Vbmi.IsSupported),
            ("advsimd", Arm.AdvSimd.IsSupported),
            ("dotprod", Arm.Dp.IsSupported),
            ("rdm", Arm.Rdm.IsSupported),
            ("armaes", Arm.Aes.IsSupported),
        ];
        return [.. known.Where(extension => extension.Supported).Select(extension => extension.Name).Order(StringComparer.Ordinal)];
    }
}
