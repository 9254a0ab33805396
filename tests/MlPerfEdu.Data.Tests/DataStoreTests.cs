using System.Security.Cryptography;

namespace MlPerfEdu.Data.Tests;

public sealed class DataStoreTests : IDisposable
{
    static readonly byte[] Content = [1, 2, 3];

    static readonly string Yaml = $$"""
        schema: 1
        datasets:
          tiny-set:
            title: A tiny set
            kind: original
            folder: tiny
            files:
              - { name: a.bin, bytes: 3, sha256: {{Digest(Content)}}, urls: [https://example.invalid/a.bin] }
              - { name: list.txt, bytes: 1, sha256: {{Digest([9])}}, optional: true }
            license: MIT
            terms: none
            cite: nobody
            splits: { train: 2 }
          own-set:
            title: The user's own
            kind: by-hand
            files: [{ name: mine.bin }]
            license: MIT
            terms: none
            cite: nobody
            splits: { train: 2 }
        """;

    readonly TempFolder own = new(), cache = new();

    public void Dispose()
    {
        own.Dispose();
        cache.Dispose();
    }

    [Fact]
    public void The_users_folder_comes_before_the_cache()
    {
        cache.Write("tiny/a.bin", Content);
        Assert.Equal(DataOrigin.Cache, Store().Resolve("tiny-set").Origin);
        var path = own.Write("tiny/a.bin", Content);
        var found = Store().Resolve("tiny-set");
        Assert.Equal((DataOrigin.DataFolder, path), (found.Origin, found["a.bin"]));
        Assert.Equal(Digest(Content), found.Files.Single().Sha256);
        Assert.Equal(Digest(Content), found.Provenance(DataTier.Real, "x").Files.Single().Sha256);
    }

    [Theory]
    [InlineData(false, "Fetch it with `data fetch tiny-set`")]
    [InlineData(true, "MLPERFEDU_OFFLINE forbids")]
    public void What_is_missing_is_named_with_what_to_do(bool offline, string advice)
    {
        var found = Store(offline).Resolve("tiny-set");
        Assert.False(found.Available);
        Assert.Contains("lacks a.bin", found.Reason);
        Assert.Contains(advice, found.Reason);
        Assert.Equal("MLP1024", Assert.Throws<DataException>(() => found.OrThrow()).Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_flipped_bit_is_found_and_named(bool own)
    {
        for (var bit = 0; bit < 24; bit++)
        {
            var bytes = Content.ToArray();
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
            var path = (own ? this.own : cache).Write("tiny/a.bin", bytes);
            var e = Assert.Throws<DataException>(() => Store().Resolve("tiny-set"));
            Assert.Equal("MLP1022", e.Code);
            Assert.Contains(path, e.Message);
            Assert.Contains(Digest(bytes), e.Message);
            Assert.Contains(Digest(Content), e.Message);
            Assert.Contains(own ? "never written to" : "data fetch", e.Message);
            Assert.Equal(bytes, File.ReadAllBytes(path));
        }
    }

    [Fact]
    public void A_cut_file_is_named_with_both_sizes()
    {
        own.Write("tiny/a.bin", Content[..2]);
        var e = Assert.Throws<DataException>(() => Store().Resolve("tiny-set"));
        Assert.Equal("MLP1021", e.Code);
        Assert.Contains("holds 2 bytes, expected 3", e.Message);
    }

    [Fact]
    public void An_optional_file_is_checked_when_it_is_there()
    {
        own.Write("tiny/a.bin", Content);
        own.Write("tiny/list.txt", [9]);
        Assert.Equal(2, Store().Resolve("tiny-set").Files.Count);
        own.Write("tiny/list.txt", [8]);
        Assert.Equal("MLP1022", Assert.Throws<DataException>(() => Store().Resolve("tiny-set")).Code);
    }

    [Fact]
    public void The_users_own_file_is_taken_as_it_is_and_said_to_be()
    {
        own.Write("own-set/mine.bin", [5, 5]);
        var file = Store().Resolve("own-set").Files.Single();
        Assert.Equal((Digest([5, 5]), false), (file.Sha256, file.Pinned));
    }

    [Fact]
    public void Verifying_goes_on_past_the_wrong_files()
    {
        own.Write("tiny/a.bin", [1, 2, 4]);
        cache.Write("tiny/a.bin", Content);
        var reports = Store().Verify("tiny-set");
        Assert.Equal(["MLP1022", null], reports.Select(r => r.Problem?.Code));
    }

    [Fact]
    public async Task Fetching_is_refused_offline_and_without_an_address()
    {
        using var fetcher = new Fetcher();
        Assert.Equal("MLP1040", (await Assert.ThrowsAsync<DataException>(() => Store(offline: true).FetchAsync("tiny-set", fetcher))).Code);
        Assert.Equal("MLP1041", (await Assert.ThrowsAsync<DataException>(() => Store().FetchAsync("own-set", fetcher))).Code);
    }

    [Fact]
    public async Task Fetching_replaces_a_damaged_file_of_the_cache_only()
    {
        using var handler = new Serving(Content);
        using var fetcher = new Fetcher(handler: handler);
        cache.Write("tiny/a.bin", [1, 2, 4]);
        Assert.Equal(DataOrigin.Cache, (await Store().FetchAsync("tiny-set", fetcher)).Origin);
        Assert.Equal(Content, File.ReadAllBytes(cache["tiny", "a.bin"]));

        var own = this.own.Write("tiny/a.bin", [1, 2, 4]);
        await Assert.ThrowsAsync<DataException>(() => Store().FetchAsync("tiny-set", fetcher));
        Assert.Equal(new byte[] { 1, 2, 4 }, File.ReadAllBytes(own));
    }

    [Fact]
    public void A_stop_ends_checking_and_generating()
    {
        own.Write("tiny/a.bin", Content);
        var stopped = new CancellationToken(canceled: true);
        Assert.Throws<OperationCanceledException>(() => DataStore.Open(new(own.Path, cache.Path, false), DataCatalog.Parse(Yaml, "d.yaml"), stopped).Resolve("tiny-set"));
        var store = DataStore.Open(new(null, cache.Path, Offline: true), stop: stopped);
        Assert.Throws<OperationCanceledException>(() => SyntheticStrokes.Load(store.Resolve("synthetic-strokes")));
        Assert.Throws<OperationCanceledException>(() => SyntheticScenes.Load(store.Resolve("synthetic-scenes")));
        Assert.Throws<OperationCanceledException>(() => SyntheticKeywords.Load(store.Resolve("synthetic-keywords")));
    }

    [Fact]
    public void The_environment_names_the_folders()
    {
        var variables = new Dictionary<string, string?> { ["HOME"] = "/home/ada" };
        DataEnvironment Read() => DataEnvironment.From(variables.GetValueOrDefault);
        Assert.Equal((null, Path.GetFullPath("/home/ada/.cache/mlperfedu/data"), false), (Read().DataFolder, Read().CacheFolder, Read().Offline));
        variables["XDG_CACHE_HOME"] = "/cache";
        Assert.Equal(Path.GetFullPath("/cache/mlperfedu/data"), Read().CacheFolder);
        variables["MLPERFEDU_CACHE"] = "/mine";
        Assert.Equal(Path.GetFullPath("/mine/data"), Read().CacheFolder);
        variables["MLPERFEDU_OFFLINE"] = "1";
        variables["MLPERFEDU_DATA"] = own.Path;
        Assert.Equal((own.Path, true), (Read().DataFolder, Read().Offline));
        variables["MLPERFEDU_DATA"] = own["nowhere"];
        Assert.Equal("MLP1023", Assert.Throws<DataException>(Read).Code);
    }

    DataStore Store(bool offline = false) => DataStore.Open(new(own.Path, cache.Path, offline), DataCatalog.Parse(Yaml, "d.yaml"));

    static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    sealed class Serving(byte[] content) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { Content = new ByteArrayContent(content) });
    }
}
