using System.Runtime.InteropServices;

namespace MlPerfEdu.Workloads.Machine.KnownResults;

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
