using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.NanoGpt;

/// <summary>Cuts work of equal units into one share per thread.</summary>
static class Shares
{
    /// <param name="work">Gets the first unit of a share and the one after its last.</param>
    public static void ForEach(int units, Action<int, int> work)
    {
        var threads = Math.Min(get_num_threads(), units);
        if (threads <= 1) work(0, units);
        else Parallel.For(0, threads, thread => work(Begin(thread), Begin(thread + 1)));

        int Begin(int thread) => (int)((long)units * thread / threads);
    }
}
