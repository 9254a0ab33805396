using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace MlPerfEdu.Data.Tests;

public sealed class FetcherTests : IDisposable
{
    static readonly byte[] Content = Bytes(300_000, 1);
    static readonly byte[] Other = Bytes(300_000, 2);
    static readonly FetchOptions Hasty = new() { StallLimit = TimeSpan.FromSeconds(20), FirstPause = TimeSpan.FromMilliseconds(5), Attempts = 3, LockLimit = TimeSpan.FromSeconds(30) };

    // A stall that nobody ends is to fail, not to hang.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    readonly TempFolder folder = new();

    string Target => folder["set", "file.bin"];

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Fetches_and_reports_progress()
    {
        await using var server = new LoopbackServer((_, answer) => answer.ContentAsync(Content));
        var progress = new Reports();
        await FetchAsync(server.Url(), progress: progress);
        AssertPlaced();
        Assert.Equal(new FetchProgress("file.bin", Content.Length, Content.Length), progress.Seen[^1]);
        Assert.Equal(progress.Seen.OrderBy(p => p.Received), progress.Seen);
    }

    [Fact]
    public async Task A_file_that_is_there_is_not_fetched_again()
    {
        await using var server = new LoopbackServer((_, answer) => answer.ContentAsync(Content));
        await FetchAsync(server.Url());
        await FetchAsync(server.Url());
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_damaged_file_is_replaced()
    {
        Place(Other);
        await using var server = new LoopbackServer((_, answer) => answer.ContentAsync(Content));
        await FetchAsync(server.Url());
        AssertPlaced();
    }

    [Fact]
    public async Task Goes_on_where_a_broken_connection_stopped()
    {
        await using var server = new LoopbackServer((request, answer) =>
            answer.ContentAsync(Content, request.From, "\"v1\"", only: request.Number < 3 ? 100_000 : null));
        await FetchAsync(server.Url());
        AssertPlaced();
        Assert.Equal([0, 100_000, 200_000], server.Requests.Select(r => r.From));
        Assert.Equal("\"v1\"", server.Requests.Last().Headers["If-Range"]);
    }

    [Fact]
    public async Task Goes_on_where_a_killed_run_stopped()
    {
        using var killed = new CancellationTokenSource();
        await using var server = new LoopbackServer(async (request, answer) =>
        {
            await answer.ContentAsync(Content, request.From, "\"v1\"", only: request.Number == 1 ? 150_000 : null);
            if (request.Number == 1) await answer.NothingAsync();
        });
        var stopAtHalf = new Reports(p =>
        {
            if (p.Received >= 150_000) killed.Cancel();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => FetchAsync(server.Url(), progress: stopAtHalf, cancel: killed.Token));
        Assert.False(File.Exists(Target));

        await FetchAsync(server.Url());
        AssertPlaced();
        Assert.Equal(150_000, server.Requests.Last().From);
    }

    [Fact]
    public async Task Starts_again_when_the_server_cannot_resume()
    {
        await using var server = new LoopbackServer((request, answer) => answer.ContentAsync(Content, only: request.Number == 1 ? 100_000 : null));
        await FetchAsync(server.Url());
        AssertPlaced();
        Assert.Equal([0, 100_000], server.Requests.Select(r => r.From));
    }

    [Fact]
    public async Task Starts_again_when_the_file_changed_meanwhile()
    {
        await using var server = new LoopbackServer((request, answer) => request.Number == 1
            ? answer.ContentAsync(Other, etag: "\"old\"", only: 100_000)
            : answer.ContentAsync(Content, request.Headers["If-Range"] == "\"new\"" ? request.From : 0, "\"new\""));
        await FetchAsync(server.Url());
        AssertPlaced();
    }

    // Without an ETag two versions can meet in one file; only the digest tells.
    [Fact]
    public async Task Starts_again_when_the_parts_do_not_fit_together()
    {
        await using var server = new LoopbackServer((request, answer) =>
            answer.ContentAsync(request.Number == 1 ? Other : Content, request.From, only: request.Number == 1 ? 100_000 : null));
        await FetchAsync(server.Url());
        AssertPlaced();
        Assert.Equal([0, 100_000, 0], server.Requests.Select(r => r.From));
    }

    [Fact]
    public async Task Starts_again_when_the_range_is_refused()
    {
        folder.Write("set/file.bin.part", Other[..200_000]);
        await using var server = new LoopbackServer((request, answer) => request.From > 0 ? answer.StatusAsync("416 Range Not Satisfiable") : answer.ContentAsync(Content));
        await FetchAsync(server.Url());
        AssertPlaced();
    }

    [Fact]
    public async Task A_part_that_is_already_whole_is_only_checked()
    {
        folder.Write("set/file.bin.part", Content);
        await using var server = new LoopbackServer((_, answer) => answer.StatusAsync("404 Not Found"));
        await FetchAsync(server.Url());
        AssertPlaced();
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_server_in_trouble_is_asked_again()
    {
        await using var server = new LoopbackServer((request, answer) => request.Number < 3 ? answer.StatusAsync("503 Service Unavailable") : answer.ContentAsync(Content));
        await FetchAsync(server.Url());
        AssertPlaced();
    }

    [Theory]
    [InlineData("404 Not Found", "MLP1042", "404 NotFound", 1)]
    [InlineData("403 Forbidden", "MLP1042", "403 Forbidden", 1)]
    [InlineData("500 Internal Server Error", "MLP1050", "500 InternalServerError", 3)]
    public async Task A_refusal_is_named(string status, string code, string expected, int requests)
    {
        await using var server = new LoopbackServer((_, answer) => answer.StatusAsync(status));
        var e = await FailsAsync(code, server.Url());
        Assert.Contains(expected, e.Message);
        Assert.Equal(requests, server.Requests.Count);
    }

    [Fact]
    public async Task A_stall_before_the_answer_and_one_within_are_given_up()
    {
        var clock = new StandingClock();
        await using var server = new LoopbackServer(async (request, answer) =>
        {
            if (request.Number == 1) clock.Expire();
            else await answer.ContentAsync(Content, only: 1000);
            await answer.NothingAsync();
        });
        var stopWithin = new Reports(p =>
        {
            if (p.Received == 1000) clock.Expire();
        });
        var e = await FailsAsync("MLP1043", server.Url(), Hasty with { Clock = clock, Attempts = 2 }, stopWithin);
        Assert.Contains("1,000 bytes", e.Message);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_client_that_leaves_without_asking_does_no_harm()
    {
        await using var server = new LoopbackServer((_, answer) => answer.ContentAsync(Content));
        using (var client = new TcpClient()) await client.ConnectAsync(IPAddress.Loopback, server.Url().Port);
        await FetchAsync(server.Url());
        AssertPlaced();
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_connection_that_always_ends_early_is_given_up()
    {
        await using var server = new LoopbackServer((_, answer) => answer.ContentAsync(Content, only: 5));
        Assert.Contains("after 5 bytes", (await FailsAsync("MLP1044", server.Url())).Message);
    }

    [Fact]
    public async Task Nobody_listening_is_named()
    {
        Uri url;
        await using (var server = new LoopbackServer((_, _) => Task.CompletedTask)) url = server.Url();
        await FailsAsync("MLP1044", url);
    }

    [Fact]
    public async Task Wrong_bytes_are_named_with_both_digests_and_not_kept()
    {
        await using var server = new LoopbackServer((_, answer) => answer.ContentAsync(Other));
        var e = await FailsAsync("MLP1047", server.Url());
        Assert.Contains(Digest(Other), e.Message);
        Assert.Contains(Digest(Content), e.Message);
        Assert.False(File.Exists(Target + ".part"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task More_than_was_asked_for_is_refused(bool announced)
    {
        await using var server = new LoopbackServer(async (_, answer) =>
        {
            await answer.HeadAsync("200 OK", announced ? ["Content-Length: 400000"] : []);
            await answer.BytesAsync(Bytes(400_000, 3));
        });
        await FailsAsync("MLP1046", server.Url());
        Assert.False(File.Exists(Target + ".part"));
    }

    [Fact]
    public async Task Follows_redirects_but_not_for_ever()
    {
        await using var server = new LoopbackServer((request, answer) => request.Path switch
        {
            "/file" => answer.StatusAsync("302 Found", "Location: /moved"),
            "/moved" => answer.ContentAsync(Content),
            _ => answer.StatusAsync("302 Found", $"Location: {request.Path}x"),
        });
        await FetchAsync(server.Url());
        AssertPlaced();
        File.Delete(Target);
        Assert.Contains("more than 5 times", (await FailsAsync("MLP1045", server.Url("/loop"))).Message);
    }

    [Fact]
    public async Task A_redirect_away_from_https_is_refused()
    {
        using var handler = new Redirecting(new("http://127.0.0.1:1/plain"));
        using var fetcher = new Fetcher(Hasty, handler);
        var e = await Assert.ThrowsAsync<DataException>(() => fetcher.FetchAsync(OneFile(new Uri("https://example.invalid/file")), Target));
        Assert.Equal("MLP1045", e.Code);
        Assert.Contains("to http", e.Message);
    }

    [Fact]
    public async Task The_next_address_is_tried_when_one_fails()
    {
        await using var server = new LoopbackServer((request, answer) => request.Path == "/gone" ? answer.StatusAsync("404 Not Found") : answer.ContentAsync(Content));
        using var fetcher = new Fetcher(Hasty);
        await fetcher.FetchAsync(OneFile(server.Url("/gone"), server.Url("/here")), Target);
        AssertPlaced();
    }

    [Fact]
    public async Task Two_runs_at_once_fetch_once()
    {
        await using var server = new LoopbackServer(async (_, answer) =>
        {
            await Task.Delay(200);
            await answer.ContentAsync(Content);
        });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => FetchAsync(server.Url())));
        AssertPlaced();
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_file_held_by_another_run_is_waited_for_only_so_long()
    {
        await using var server = new LoopbackServer((_, answer) => answer.ContentAsync(Content));
        folder.Write("set/.locks/file.bin", []);
        await using var other = new FileStream(folder["set", ".locks", "file.bin"], FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        await FailsAsync("MLP1049", server.Url(), Hasty with { LockLimit = TimeSpan.FromMilliseconds(150) });
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_full_disk_is_named_and_left_as_it_was()
    {
        await using var server = new LoopbackServer((_, answer) => answer.ContentAsync(Content));
        var options = Hasty with { OpenPart = (path, mode) => new FullDisk(path, mode, room: 70_000) };
        var e = await FailsAsync("MLP1048", server.Url(), options);
        Assert.Contains("No space left", e.Message);
        Assert.Empty(Directory.GetFiles(folder["set"]));
    }

    Task FetchAsync(Uri url, FetchOptions? options = null, IProgress<FetchProgress>? progress = null, CancellationToken cancel = default) => Task.Run(async () =>
    {
        using var fetcher = new Fetcher(options ?? Hasty);
        await fetcher.FetchAsync(OneFile(url), Target, progress, cancel);
    }, CancellationToken.None).WaitAsync(Patience, CancellationToken.None);

    async Task<DataException> FailsAsync(string code, Uri url, FetchOptions? options = null, IProgress<FetchProgress>? progress = null)
    {
        var e = await Assert.ThrowsAsync<DataException>(() => FetchAsync(url, options, progress));
        Assert.Equal(code, e.Code);
        Assert.False(File.Exists(Target));
        return e;
    }

    void AssertPlaced()
    {
        Assert.Equal(Content, File.ReadAllBytes(Target));
        Assert.Equal(["file.bin"], Directory.GetFiles(folder["set"]).Select(Path.GetFileName));
    }

    void Place(byte[] bytes) => folder.Write("set/file.bin", bytes);

    static DataFile OneFile(params Uri[] urls) => new("file.bin", [new FilePin(Content.Length, Digest(Content))], urls, false);

    static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    static byte[] Bytes(int count, ulong seed)
    {
        var random = new Xoshiro(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (byte)random.Below(256))];
    }

    sealed class Reports(Action<FetchProgress>? action = null) : IProgress<FetchProgress>
    {
        public List<FetchProgress> Seen { get; } = [];

        public void Report(FetchProgress value)
        {
            Seen.Add(value);
            action?.Invoke(value);
        }
    }

    sealed class Redirecting(Uri target) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = target } });
    }

    sealed class FullDisk(string path, FileMode mode, int room) : FileStream(path, mode)
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position + buffer.Length > room ? throw new IOException("No space left on device", 28) : base.WriteAsync(buffer, cancellationToken);
    }
}
