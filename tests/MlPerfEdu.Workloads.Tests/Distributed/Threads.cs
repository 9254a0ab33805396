using System.Net;
using System.Net.Sockets;
using MlPerfEdu.Workloads.Distributed;

namespace MlPerfEdu.Workloads.Tests.Distributed;

/// <summary>Ranks as threads of this process, for what needs no processes.</summary>
static class Threads
{
    // A busy machine may keep a thread waiting for long; one that has left is noticed without it.
    public static readonly TimeSpan Answer = TimeSpan.FromMinutes(1);

    /// <summary>What each rank answers, in their order.</summary>
    public static T[] Run<T>(int size, Func<IProcessGroup, T> rank)
    {
        var port = FreePort();
        var answers = new T[size];
        var failures = new Exception?[size];
        var threads = Enumerable.Range(0, size).Select(place => new Thread(() =>
        {
            try
            {
                using var group = GlooGroup.JoinAs(new RankPlace("127.0.0.1", port, place, size), TimeSpan.FromSeconds(60), Answer);
                answers[place] = rank(group);
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

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
