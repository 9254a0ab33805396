using System.Diagnostics;
using MlPerfEdu.Roofline.Evidence;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Machine.KnownResults;

/// <summary>One product again and again, over what a scheduler may be told about its threads.</summary>
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

    /// <summary>Systems may ignore what they are told.</summary>
    public static IReadOnlyList<MeasuredPoint> Priorities(CheckSizes sizes, string name) =>
        [.. Enum.GetValues<ThreadPriority>().Select(priority => OnOwnThread(
            name, "priority", (int)priority, sizes, () => Thread.CurrentThread.Priority = priority))];

    public static IReadOnlyList<MeasuredPoint> Processors(CheckSizes sizes, string name) =>
        [.. Affinity.Allowed().Select(processor => OnOwnThread(name, "processor", processor, sizes, () => Affinity.Bind(processor)))];

    // What is set ends with its thread. Its products use no other.
    static MeasuredPoint OnOwnThread(string name, string setting, int value, CheckSizes sizes, Action prepare)
    {
        var all = get_num_threads();
        MeasuredPoint? point = null;
        var thread = new Thread(() =>
        {
            set_num_threads(1);
            prepare();
            point = Point(name, setting, value, sizes);
            // New threads start with what was set last.
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
