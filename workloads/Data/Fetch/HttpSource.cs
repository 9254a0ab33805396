using System.Net;
using System.Net.Http.Headers;

namespace MlPerfEdu.Data;

/// <summary>Asks for a file from an offset on, follows redirects that stay safe, and limits every wait.</summary>
sealed class HttpSource(HttpMessageInvoker client, FetchOptions options)
{
    public async Task<HttpResponseMessage> GetAsync(Uri url, long from, string? version, CancellationToken cancel)
    {
        var at = url;
        for (var redirects = 0; ; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, at);
            request.Headers.AcceptEncoding.Add(new("identity"));
            if (from > 0)
            {
                request.Headers.Range = new RangeHeaderValue(from, null);
                if (EntityTagHeaderValue.TryParse(version, out var tag)) request.Headers.IfRange = new(tag);
            }
            var response = await Limited(url, 0, token => client.SendAsync(request, token), cancel);
            if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
                or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)) return response;

            var location = response.Headers.Location;
            response.Dispose();
            at = Next(url, at, location, redirects);
        }
    }

    static Uri Next(Uri url, Uri at, Uri? location, int redirects)
    {
        if (location is null) throw FetchErrors.Redirect(url, "to nowhere");
        if (redirects >= FetchOptions.MostRedirects) throw FetchErrors.Redirect(url, $"more than {FetchOptions.MostRedirects} times");
        var next = new Uri(at, location);
        if (next.Scheme != Uri.UriSchemeHttps && next.Scheme != at.Scheme) throw FetchErrors.Redirect(url, $"to {next.Scheme}");
        return next;
    }

    /// <summary>Reads some bytes; none within the stall limit is an error.</summary>
    public Task<int> ReadAsync(Uri url, Stream stream, Memory<byte> buffer, long received, CancellationToken cancel) =>
        Limited(url, received, token => stream.ReadAsync(buffer, token).AsTask(), cancel);

    async Task<T> Limited<T>(Uri url, long received, Func<CancellationToken, Task<T>> action, CancellationToken cancel)
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
