using MlPerfEdu.Engine.Distributed;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Distributed;

/// <summary>Ranks as threads of this process, for what needs no processes.</summary>
static class Threads
{
    // A busy machine may keep a thread waiting for long.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>What each rank answers, in their order.</summary>
    public static T[] Run<T>(int size, Func<IProcessGroup, T> rank)
    {
        using var meeting = new Barrier(size);
        var given = new Tensor[size];
        var answers = new T[size];
        var failures = new Exception?[size];
        var threads = Enumerable.Range(0, size).Select(place => new Thread(() =>
        {
            try
            {
                answers[place] = rank(new Group(place, given, meeting));
            }
#pragma warning disable CA1031 // Rethrown below: an exception that leaves a thread ends the process.
            catch (Exception error)
#pragma warning restore CA1031
            {
                failures[place] = error;
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return failures.OfType<Exception>().FirstOrDefault() is { } failure ? throw new AggregateException(failure) : answers;
    }

    sealed class Group(int rank, Tensor[] given, Barrier meeting) : IProcessGroup
    {
        public int Rank => rank;

        public int Size => given.Length;

        public void Sum(Tensor tensor) => Exchange(tensor, all => all.Aggregate((sum, next) => sum + next));

        public void Broadcast(Tensor tensor, int root) => Exchange(tensor, all => all[root]);

        public void Barrier() => Assert.True(meeting.SignalAndWait(Patience), "A rank did not come.");

        void Exchange(Tensor tensor, Func<Tensor[], Tensor> result)
        {
            using var scope = NewDisposeScope();
            given[rank] = tensor.clone();
            Barrier();
            tensor.copy_(result(given));
            // Nobody's may go while another reads it.
            Barrier();
        }
    }
}
