using System.Net;

namespace MlPerfEdu.Data;

/// <summary>One try at one address: goes on where the part file ends, checks the whole, and puts it in its place.</summary>
sealed class Download(HttpSource source, FetchOptions options)
{
    public async Task CompleteAsync(DataFile file, Uri url, PartFile part, IProgress<FetchProgress>? progress, CancellationToken cancel)
    {
        while (true)
        {
            var resumed = part.Length > 0;
            if (!file.Pins.Any(p => p.Bytes == part.Length)) await ReceiveAsync(file, url, part, progress, cancel);
            var (bytes, digest) = (part.Length, FileCheck.Digest(part.Path, cancel));
            if (file.Pins.Contains(new(bytes, digest)))
            {
                part.Place();
                return;
            }
            part.Remove();
            // Bytes of two versions may have met: once more from the start, then it is the source that is wrong.
            if (!resumed) throw FetchErrors.Digest(url, file, digest);
        }
    }

    async Task ReceiveAsync(DataFile file, Uri url, PartFile part, IProgress<FetchProgress>? progress, CancellationToken cancel)
    {
        using var response = await source.GetAsync(url, part.Length, part.Version, cancel);
        var from = Start(response, url, part);
        var total = from + response.Content.Headers.ContentLength;
        if (total is { } announced && !file.Pins.Any(p => p.Bytes == announced))
        {
            part.Remove();
            throw FetchErrors.Size(url, announced, file);
        }
        var received = await CopyAsync(file, url, response, part, from, total, progress, cancel);
        if (!file.Pins.Any(p => p.Bytes == received)) throw FetchErrors.Broken(url, received, new EndOfStreamException("it ended early"));
    }

    // The offset that the answer begins at: the server may ignore the wish to resume, or refuse it when the file has changed.
    static long Start(HttpResponseMessage response, Uri url, PartFile part)
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
            case HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError:
                throw FetchErrors.ServerTrouble(url, response.StatusCode);
            default:
                throw FetchErrors.Status(url, response.StatusCode);
        }
    }

    async Task<long> CopyAsync(
        DataFile file, Uri url, HttpResponseMessage response, PartFile part, long from, long? total, IProgress<FetchProgress>? progress, CancellationToken cancel)
    {
        var (received, most) = (from, file.Pins.Max(p => p.Bytes));
        var buffer = new byte[1 << 16];
        await using var body = await response.Content.ReadAsStreamAsync(cancel);
        try
        {
            await using var stream = options.OpenPart(part.Path, from > 0 ? FileMode.Append : FileMode.Create);
            while (await source.ReadAsync(url, body, buffer, received, cancel) is var read and > 0)
            {
                received += read;
                if (received > most) break;
                await stream.WriteAsync(buffer.AsMemory(0, read), cancel);
                progress?.Report(new(file.Name, received, total ?? most));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk: leave it at least as it was.
            part.Remove();
            throw FetchErrors.CannotWrite(part.Path, e);
        }
        if (received <= most) return received;
        part.Remove();
        throw FetchErrors.Size(url, received, file);
    }
}
