namespace MlPerfEdu.Data;

/// <summary>How patient a download is. The defaults suit a home connection; tests shorten them.</summary>
public sealed record FetchOptions
{
    public const int MostRedirects = 5;

    /// <summary>Without a byte for this long, a connection is given up.</summary>
    public TimeSpan StallLimit { get; init; } = TimeSpan.FromSeconds(30);
    /// <summary>Tries of one address, the first included.</summary>
    public int Attempts { get; init; } = 4;
    /// <summary>Pause before the second try; it doubles each time.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);
    /// <summary>How long to wait for another run that fetches the same file.</summary>
    public TimeSpan LockLimit { get; init; } = TimeSpan.FromHours(1);
    /// <summary>What the stall limit is measured with; replaced in tests of a stall.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;
    /// <summary>Where received bytes go; replaced in tests of a full disk.</summary>
    internal Func<string, FileMode, Stream> OpenPart { get; init; } =
        (path, mode) => new FileStream(path, mode, FileAccess.Write, FileShare.Read, 1 << 16);
}

/// <summary>How far a download has come.</summary>
/// <param name="Total">Bytes of the whole file.</param>
public readonly record struct FetchProgress(string File, long Received, long Total);

/// <summary>Downloads one file until it is whole, checked and in its place, or says why not.</summary>
public sealed class Fetcher : IDisposable
{
    // Stalled, broken off, server in trouble: another try may succeed. A wrong address, size or digest stays wrong.
    static readonly string[] WorthAnotherTry = ["MLP1043", "MLP1044", "MLP1050"];

    readonly HttpMessageInvoker client;
    readonly FetchOptions options;

    public Fetcher(FetchOptions? options = null, HttpMessageHandler? handler = null)
    {
        this.options = options ?? new();
        // It follows no redirect from https to http.
        client = new(handler ?? new SocketsHttpHandler
        {
            MaxAutomaticRedirections = FetchOptions.MostRedirects,
            ConnectTimeout = this.options.StallLimit,
        });
    }

    public void Dispose() => client.Dispose();

    /// <summary>Fetches the file unless it is already there and right. Two runs at once fetch it once.</summary>
    /// <exception cref="DataException">After the last address and the last try.</exception>
    public async Task FetchAsync(DataFile file, string target, IProgress<FetchProgress>? progress = null, CancellationToken cancel = default)
    {
        if (file.Urls.Count == 0 || file.Pins.Count == 0) throw FetchErrors.NoSource(file.Name);
        try
        {
            var lockPath = Path.Combine(Path.GetDirectoryName(target)!, ".locks", Path.GetFileName(target));
            await using var held = await RunLock.TakeAsync(lockPath, options.LockLimit, cancel);
            if (IsRight(file, target)) return;
            var download = new Download(client, options, file, new(target), progress, cancel);
            await DownloadAsync(download, file.Urls, cancel);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw FetchErrors.CannotWrite(target, e);
        }
    }

    static bool IsRight(DataFile file, string target)
    {
        if (!File.Exists(target)) return false;
        try
        {
            FileCheck.Verify(file, target, DataOrigin.Cache);
            return true;
        }
        catch (DataException)
        {
            return false;
        }
    }

    async Task DownloadAsync(Download download, IReadOnlyList<Uri> urls, CancellationToken cancel)
    {
        var (url, attempt, pause) = (0, 1, options.FirstPause);
        while (true)
        {
            try
            {
                await download.CompleteAsync(urls[url]);
                return;
            }
            catch (DataException e) when (attempt < options.Attempts && WorthAnotherTry.Contains(e.Code))
            {
                await Task.Delay(pause, cancel);
                (attempt, pause) = (attempt + 1, pause * 2);
            }
            catch (DataException) when (url + 1 < urls.Count)
            {
                // The next address has the same pinned bytes.
                (url, attempt, pause) = (url + 1, 1, options.FirstPause);
            }
        }
    }
}
