using System.Net;
using System.Net.Http.Headers;

namespace MlPerfEdu.Data;

/// <summary>One file on its way: resumes where the part file ends, limits every wait, checks the whole, and puts it in its place.</summary>
sealed class Download(
    HttpMessageInvoker client, FetchOptions options, DataFile file, PartFile part, IProgress<FetchProgress>? progress, CancellationToken cancel)
{
    /// <summary>One try at one address.</summary>
    public async Task CompleteAsync(Uri url)
    {
        while (true)
        {
            var resumed = part.Length > 0;
            if (!HasPinnedSize(part.Length)) await ReceiveAsync(url);
            var (bytes, digest) = (part.Length, FileCheck.Digest(part.Path, cancel));
            if (file.Pins.Contains(new(bytes, digest)))
            {
                part.Place();
                return;
            }
            part.Remove();
            // Bytes of two versions may have been mixed: start over once, then it is the source that is wrong.
            if (!resumed) throw FetchErrors.Digest(url, file, digest);
        }
    }

    bool HasPinnedSize(long bytes) => file.Pins.Any(p => p.Bytes == bytes);

    async Task ReceiveAsync(Uri url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.AcceptEncoding.Add(new("identity"));
        if (part.Length > 0)
        {
            request.Headers.Range = new RangeHeaderValue(part.Length, null);
            if (EntityTagHeaderValue.TryParse(part.Version, out var tag)) request.Headers.IfRange = new(tag);
        }
        using var response = await LimitedAsync(url, 0, token => client.SendAsync(request, token));
        var from = Start(response, url);
        var total = from + response.Content.Headers.ContentLength;
        if (total is { } announced && !HasPinnedSize(announced))
        {
            part.Remove();
            throw FetchErrors.Size(url, announced, file);
        }
        var received = await CopyAsync(url, response, from, total);
        if (!HasPinnedSize(received)) throw FetchErrors.Broken(url, received, new EndOfStreamException("it ended early"));
    }

    // The offset that the response begins at: the server may ignore the range, or refuse it when the file has changed.
    long Start(HttpResponseMessage response, Uri url)
    {
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                part.Begin(response.Headers.ETag is { IsWeak: false } tag ? tag.ToString() : null);
                return 0;
            case HttpStatusCode.PartialContent when response.Content.Headers.ContentRange?.From == part.Length:
                return part.Length;
            case HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable:
                part.Remove();
                throw FetchErrors.ServerTrouble(url, response.StatusCode);
            case HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
                or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect:
                throw FetchErrors.Redirect(url, response.Headers.Location);
            case HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError:
                throw FetchErrors.ServerTrouble(url, response.StatusCode);
            default:
                throw FetchErrors.Status(url, response.StatusCode);
        }
    }

    async Task<long> CopyAsync(Uri url, HttpResponseMessage response, long from, long? total)
    {
        var (received, most) = (from, file.Pins.Max(p => p.Bytes));
        var buffer = new byte[1 << 16];
        await using var body = await response.Content.ReadAsStreamAsync(cancel);
        try
        {
            await using var stream = options.OpenPart(part.Path, from > 0 ? FileMode.Append : FileMode.Create);
            while (await LimitedAsync(url, received, token => body.ReadAsync(buffer, token).AsTask()) is var read and > 0)
            {
                received += read;
                if (received > most) break;
                await stream.WriteAsync(buffer.AsMemory(0, read), cancel);
                progress?.Report(new(file.Name, received, total ?? most));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk: leave no more on it than before.
            part.Remove();
            throw FetchErrors.CannotWrite(part.Path, e);
        }
        if (received <= most) return received;
        part.Remove();
        throw FetchErrors.Size(url, received, file);
    }

    // No byte within the stall limit is an error.
    async Task<T> LimitedAsync<T>(Uri url, long received, Func<CancellationToken, Task<T>> action)
    {
        using var stall = new CancellationTokenSource(options.StallLimit, options.Clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel, stall.Token);
        try
        {
            return await action(limit.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw FetchErrors.Stalled(url, options.StallLimit, received);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw FetchErrors.Broken(url, received, e);
        }
    }
}

/// <summary>What has been received of a file so far, and which version of it: kept next to the target until it is whole.</summary>
sealed class PartFile(string target)
{
    readonly string version = target + ".part.etag";
    public string Path { get; } = target + ".part";

    public long Length => File.Exists(Path) ? new FileInfo(Path).Length : 0;

    /// <summary>The server's ETag of the version that the bytes belong to; only a strong one can be resumed by.</summary>
    public string? Version => File.Exists(version) && File.ReadAllText(version) is { Length: > 0 } etag ? etag : null;

    /// <summary>Drops the bytes and notes which version comes next.</summary>
    public void Begin(string? version)
    {
        Remove();
        if (version is not null) File.WriteAllText(this.version, version);
    }

    public void Remove()
    {
        File.Delete(Path);
        File.Delete(version);
    }

    /// <summary>Puts the whole file in its place in one step.</summary>
    public void Place()
    {
        File.Move(Path, target, overwrite: true);
        File.Delete(version);
    }
}
