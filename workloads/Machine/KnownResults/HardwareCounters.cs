using System.Runtime.InteropServices;
using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Workloads.Machine.KnownResults;

/// <summary>Asks Linux for a counter of processor cycles of this thread, and gives it back.</summary>
static partial class HardwareCounters
{
    const string Error = "error";
    const int NotPermitted = 1, NotThere = 2, Denied = 13, NoSuchDevice = 19, NoCall = 38, NotSupported = 95, NoLinux = -1;

    public static IReadOnlyList<MeasuredPoint> Points(CheckSizes sizes, string name)
    {
        var error = Try();
        return [new(name, new Dictionary<string, double> { [Error] = error }, "available", [error == 0 ? 1 : 0])];
    }

    public static string Say(MeasuredPoint point) => (int)point.At[Error] switch
    {
        0 => "available",
        NoLinux => "unavailable: asked for on Linux only",
        NotPermitted or Denied => "unavailable: not permitted; /proc/sys/kernel/perf_event_paranoid or a sandbox forbids it",
        NotThere or NoSuchDevice or NotSupported => "unavailable: the processor shows no counters, as many virtual machines do",
        NoCall => "unavailable: the kernel or a sandbox has no such call",
        var other => $"unavailable: error {other}",
    };

    static int Try()
    {
        // perf_event_open has no function of its own in the C library, only a number per architecture.
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture is not (Architecture.X64 or Architecture.Arm64))
            return NoLinux;
        var request = new Request
        {
            Size = (uint)Marshal.SizeOf<Request>(),
            Flags = Request.Disabled | Request.WithoutKernel | Request.WithoutHypervisor,
        };
        var counter = Call(RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 298 : 241, in request, 0, -1, -1, 0);
        if (counter < 0)
            return Marshal.GetLastPInvokeError();
        _ = Close((int)counter);
        return 0;
    }

    // perf_event_attr in its first version; a type and configuration of zero ask for processor cycles.
    [StructLayout(LayoutKind.Sequential)]
    struct Request
    {
        public const ulong Disabled = 1, WithoutKernel = 1 << 5, WithoutHypervisor = 1 << 6;

        public uint Type, Size;
        public ulong Configuration, Period, SampleType, ReadFormat, Flags;
        public uint WakeUp, BreakpointType;
        public ulong Address;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Call(nint number, in Request request, int process, int processor, int group, nuint flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
