using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Cli.Output;

namespace MlPerfEdu.Workloads.Distributed;

/// <summary>All ranks of a run on this machine. When one of them fails none is left.</summary>
sealed class RankTeam : IDisposable
{
    // The others notice by themselves, and their own words are worth having.
    static readonly TimeSpan Farewell = TimeSpan.FromSeconds(9);

    public RankTeam(int size, int threads, params string[] arguments)
    {
        Port = FreePort();
        Ranks = [.. Enumerable.Range(0, size).Select(rank =>
            new RankProcess(new RankPlace(IPAddress.Loopback.ToString(), Port, rank, size), threads, arguments))];
    }

    public IReadOnlyList<RankProcess> Ranks { get; }

    public int Port { get; }

    /// <summary>What the ranks measured, one after another.</summary>
    /// <exception cref="Running.RunException">One of them failed.</exception>
    public IReadOnlyList<MeasuredPoint> Finish(CancellationToken stop)
    {
        var running = Ranks.ToList();
        while (running.Count > 0)
        {
            Task.WhenAny(running.Select(rank => rank.Ended)).WaitAsync(stop).GetAwaiter().GetResult();
            // When several have ended by now, one that was killed was the first.
            if (running.Where(rank => rank.Exit is not (null or 0)).MaxBy(rank => rank.Exit) is { } failed)
            {
                Task.WaitAll([.. Ranks.Select(rank => rank.Ended)], (int)Farewell.TotalMilliseconds, stop);
                throw DistributedErrors.RankEnded(failed.Place, failed.Exit!.Value, failed.LastLines);
            }

            running.RemoveAll(rank => rank.Exit is 0);
        }

        return [.. Ranks.SelectMany(Points)];
    }

    public void Dispose()
    {
        foreach (var rank in Ranks)
            rank.Dispose();
    }

    static IReadOnlyList<MeasuredPoint> Points(RankProcess rank)
    {
        try
        {
            return JsonOutput.Read<RankAnswer>(rank.Answer).Points;
        }
        catch (JsonException)
        {
            throw DistributedErrors.Unreadable(rank.Place, rank.Answer);
        }
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>What one rank answers.</summary>
sealed record RankAnswer(int Rank, int Size, IReadOnlyList<MeasuredPoint> Points);
