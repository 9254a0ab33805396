using System.Diagnostics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Machine.KnownResults;

/// <summary>Times of one product by number, priority and affinity of its threads.</summary>
static class SweepChecks
{
    public static IReadOnlyList<MeasuredPoint> Threads(CheckSizes sizes, string name)
    {
        var all = get_num_threads();
        try
        {
            return [.. Enumerable.Range(1, all).Where(count => count == all || int.IsPow2(count)).Select(count =>
            {
                set_num_threads(count);
                return Point(name, "threads", count, sizes);
            })];
        }
        finally
        {
            set_num_threads(all);
        }
    }

    /// <summary>Systems may ignore priorities.</summary>
    public static IReadOnlyList<MeasuredPoint> Priorities(CheckSizes sizes, string name) =>
        [.. Enum.GetValues<ThreadPriority>().Select(priority => OnOwnThread(
            name, "priority", (int)priority, sizes, () => Thread.CurrentThread.Priority = priority))];

    public static IReadOnlyList<MeasuredPoint> Processors(CheckSizes sizes, string name) =>
        [.. Affinity.Allowed().Select(processor => OnOwnThread(name, "processor", processor, sizes, () => Affinity.Bind(processor)))];

    // The setting ends with its thread, on which alone the products run.
    static MeasuredPoint OnOwnThread(string name, string setting, int value, CheckSizes sizes, Action prepare)
    {
        var all = get_num_threads();
        MeasuredPoint? point = null;
        var thread = new Thread(() =>
        {
            set_num_threads(1);
            prepare();
            point = Point(name, setting, value, sizes);
            // New threads inherit the last setting.
            set_num_threads(all);
        });
        thread.Start();
        thread.Join();
        return point!;
    }

    static MeasuredPoint Point(string name, string setting, int value, CheckSizes sizes)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var (left, right) = (ones(sizes.Product, sizes.Product), ones(sizes.Product, sizes.Product));
        Seconds(left, right);
        return new(
            name, new Dictionary<string, double> { [setting] = value }, "seconds",
            [.. Enumerable.Range(0, sizes.Samples).Select(_ => Seconds(left, right))]);
    }

    static double Seconds(Tensor left, Tensor right)
    {
        var start = Stopwatch.GetTimestamp();
        using var product = left.mm(right);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}

/// <summary>Which processors the calling thread may run on, where Linux can be asked.</summary>
static partial class Affinity
{
    const int Words = 16, BitsPerWord = 64;

    /// <summary>None where the system cannot say.</summary>
    public static IReadOnlyList<int> Allowed()
    {
        var mask = new ulong[Words];
        if (!OperatingSystem.IsLinux() || GetAffinity(0, Words * sizeof(ulong), mask) < 0)
            return [];
        return [.. Enumerable.Range(0, Words * BitsPerWord).Where(processor => (mask[processor / BitsPerWord] & Bit(processor)) != 0)];
    }

    public static void Bind(int processor)
    {
        var mask = new ulong[Words];
        mask[processor / BitsPerWord] = Bit(processor);
        if (SetAffinity(0, Words * sizeof(ulong), mask) < 0)
            throw new InvalidOperationException(
                $"Processor {processor} was allowed and refuses the thread (error {Marshal.GetLastPInvokeError()}); "
                + "another process may have changed the set. Run again.");
    }

    static ulong Bit(int processor) => 1UL << processor % BitsPerWord;

    [LibraryImport("libc", EntryPoint = "sched_getaffinity", SetLastError = true)]
    private static partial int GetAffinity(int thread, nuint bytes, [In, Out] ulong[] mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SetAffinity(int thread, nuint bytes, [In] ulong[] mask);
}

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
