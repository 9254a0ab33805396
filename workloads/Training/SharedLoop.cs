using System.Runtime.ExceptionServices;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Training;

/// <summary>
/// Threads that take the units of a loop from one another. Between loops they sleep: those of .NET's pool look out for work for a while
/// after each loop, on the cores that libtorch's next product needs.
/// </summary>
static class SharedLoop
{
    static readonly Lock Founding = new();
    static readonly List<Member> Members = [];
    static Loop? current;

    /// <summary>Every unit once, on as many threads as libtorch uses; which thread does which unit is left to chance.</summary>
    public static void ForEach(int units, Action<int> work)
    {
        var helpers = Math.Min(get_num_threads(), units) - 1;
        if (helpers <= 0)
        {
            for (var unit = 0; unit < units; unit++) work(unit);
            return;
        }

        var loop = new Loop(units, work);
        Volatile.Write(ref current, loop);
        foreach (var member in Helpers(helpers)) member.Wake();
        loop.TakePart();
        loop.Wait();
    }

    static ReadOnlySpan<Member> Helpers(int count)
    {
        lock (Founding)
        {
            while (Members.Count < count) Members.Add(new Member());
            return Members.ToArray().AsSpan(0, count);
        }
    }

    sealed class Member
    {
        readonly object bed = new();
        bool called;

        public Member() => new Thread(Work) { IsBackground = true, Name = nameof(SharedLoop) }.Start();

        public void Wake()
        {
            lock (bed)
            {
                called = true;
                Monitor.Pulse(bed);
            }
        }

        // Whoever comes too late, or to a newer loop than the one it was called for, does no harm: units are taken once.
        void Work()
        {
            while (true)
            {
                Sleep();
                Volatile.Read(ref current)!.TakePart();
            }
        }

        void Sleep()
        {
            lock (bed)
            {
                while (!called) Monitor.Wait(bed);
                called = false;
            }
        }
    }

    sealed class Loop(int units, Action<int> work)
    {
        int taken;
        int done;
        Exception? failure;

        public void TakePart()
        {
            for (var unit = Interlocked.Increment(ref taken) - 1; unit < units; unit = Interlocked.Increment(ref taken) - 1)
            {
                try
                {
                    work(unit);
                }
                catch (Exception exception)
                {
                    Interlocked.CompareExchange(ref failure, exception, null);
                }
                Interlocked.Increment(ref done);
            }
        }

        /// <summary>The last unit of another thread is a short while away: shorter than falling asleep takes.</summary>
        public void Wait()
        {
            var patience = new SpinWait();
            while (Volatile.Read(ref done) < units) patience.SpinOnce(sleep1Threshold: -1);
            if (failure is not null) ExceptionDispatchInfo.Throw(failure);
        }
    }
}
