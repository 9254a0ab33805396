namespace MlPerfEdu.Data;

/// <summary>Downloads one file until it is whole, checked and in its place, or says why not.</summary>
public sealed class Fetcher : IDisposable
{
    // Stalled, broken off, server in trouble: another try may succeed. A wrong address, size or digest stays wrong.
    static readonly string[] WorthAnotherTry = ["MLP1043", "MLP1044", "MLP1050"];

    readonly HttpMessageInvoker _client;
    readonly Download _download;
    readonly FetchOptions _options;

    public Fetcher(FetchOptions? options = null, HttpMessageHandler? handler = null)
    {
        _options = options ?? new();
        _client = new(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = _options.StallLimit });
        _download = new(new(_client, _options), _options);
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Fetches the file unless it is already there and right. Two runs at once fetch it once.</summary>
    /// <exception cref="DataException">After the last address and the last try.</exception>
    public async Task FetchAsync(DataFile file, string target, IProgress<FetchProgress>? progress = null, CancellationToken cancel = default)
    {
        if (file.Urls.Count == 0 || file.Pins.Count == 0) throw FetchErrors.NoSource(file.Name);
        try
        {
            var lockPath = Path.Combine(Path.GetDirectoryName(target)!, ".locks", Path.GetFileName(target));
            await using var held = await RunLock.TakeAsync(lockPath, _options.LockLimit, cancel);
            if (IsRight(file, target)) return;
            await FromAnyAddressAsync(file, new(target), progress, cancel);
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

    async Task FromAnyAddressAsync(DataFile file, PartFile part, IProgress<FetchProgress>? progress, CancellationToken cancel)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                await WithRetriesAsync(file, file.Urls[i], part, progress, cancel);
                return;
            }
            catch (DataException) when (i + 1 < file.Urls.Count)
            {
                // The next address is to have the same pinned bytes.
            }
        }
    }

    async Task WithRetriesAsync(DataFile file, Uri url, PartFile part, IProgress<FetchProgress>? progress, CancellationToken cancel)
    {
        var pause = _options.FirstPause;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await _download.CompleteAsync(file, url, part, progress, cancel);
                return;
            }
            catch (DataException e) when (attempt < _options.Attempts && WorthAnotherTry.Contains(e.Code))
            {
                await Task.Delay(pause, cancel);
                pause *= 2;
            }
        }
    }
}
