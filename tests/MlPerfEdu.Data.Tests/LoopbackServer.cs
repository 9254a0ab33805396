using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MlPerfEdu.Data.Tests;

/// <summary>A web server on this machine that misbehaves exactly as told: it writes raw answers, one connection each.</summary>
sealed class LoopbackServer : IAsyncDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource stop = new();
    readonly Func<Request, Answer, Task> behaviour;
    readonly Task serving;

    public LoopbackServer(Func<Request, Answer, Task> behaviour)
    {
        this.behaviour = behaviour;
        listener.Start();
        serving = ServeAsync();
    }

    public ConcurrentQueue<Request> Requests { get; } = [];

    public Uri Url(string path = "/file") => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}{path}");

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await serving;
        stop.Dispose();
    }

    async Task ServeAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true) connections.Add(HandleAsync(await listener.AcceptTcpClientAsync(stop.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            await Task.WhenAll(connections);
        }
    }

    async Task HandleAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
                // A client may connect and leave without asking.
                if (await reader.ReadLineAsync(stop.Token) is not { Length: > 0 } first) return;
                var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
                while (await reader.ReadLineAsync(stop.Token) is { Length: > 0 } line)
                    headers[line[..line.IndexOf(':')]] = line[(line.IndexOf(':') + 1)..].Trim();
                var request = new Request(first.Split(' ')[1], headers, Requests.Count + 1);
                Requests.Enqueue(request);
                await behaviour(request, new(stream, stop.Token));
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // The client went away or the test is over.
            }
        }
    }

    public sealed record Request(string Path, IReadOnlyDictionary<string, string> Headers, int Number)
    {
        /// <summary>The offset asked for, or 0.</summary>
        public int From => Headers.TryGetValue("Range", out var range) ? int.Parse(range["bytes=".Length..].TrimEnd('-')) : 0;
    }

    public sealed class Answer(Stream stream, CancellationToken stop)
    {
        public async Task HeadAsync(string status, params string[] headers) =>
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\n{string.Concat(headers.Select(h => h + "\r\n"))}Connection: close\r\n\r\n"), stop);

        public Task StatusAsync(string status, params string[] headers) => HeadAsync(status, ["Content-Length: 0", .. headers]);

        public async Task BytesAsync(ReadOnlyMemory<byte> bytes) => await stream.WriteAsync(bytes, stop);

        /// <summary>The whole content or, when asked for, the rest of it; cut off after some bytes if told.</summary>
        public async Task ContentAsync(byte[] content, int from = 0, string? etag = null, int? only = null)
        {
            string[] headers = [$"Content-Length: {content.Length - from}", .. etag is null ? Array.Empty<string>() : [$"ETag: {etag}"]];
            if (from == 0) await HeadAsync("200 OK", headers);
            else await HeadAsync("206 Partial Content", [$"Content-Range: bytes {from}-{content.Length - 1}/{content.Length}", .. headers]);
            await BytesAsync(content.AsMemory(from, Math.Min(only ?? int.MaxValue, content.Length - from)));
        }

        public Task NothingAsync() => Task.Delay(Timeout.Infinite, stop);
    }
}

/// <summary>A clock that stands still, however slow the machine is: a wait ends when the test says so.</summary>
sealed class StandingClock : TimeProvider
{
    // Long enough that the wait has begun as a rule; the answer is the same if it has not.
    static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);

    readonly Lock gate = new();
    ITimer? last;
    bool nextExpires;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (gate)
        {
            last = base.CreateTimer(callback, state, nextExpires ? Soon : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            nextExpires = false;
            return last;
        }
    }

    /// <summary>Ends the wait that has begun last or, when that is over, the next one.</summary>
    public void Expire()
    {
        lock (gate) nextExpires = last?.Change(Soon, Timeout.InfiniteTimeSpan) != true;
    }
}
