using System.Net;

namespace MlPerfEdu.Data;

static class FetchErrors
{
    public static DataException Offline(string id) =>
        new("MLP1040", $"'{id}' is not at hand and MLPERFEDU_OFFLINE is set, expected leave to download it. Unset the variable, or copy the files into MLPERFEDU_DATA.");

    public static DataException NoSource(string id) =>
        new("MLP1041", $"'{id}' cannot be downloaded: datasets.yaml has no address for it. Its note there says how to get the files; copy them into MLPERFEDU_DATA.");

    public static DataException Status(Uri url, HttpStatusCode found) =>
        new("MLP1042", $"{url} answered {(int)found} {found}, expected 200 or 206. {(found == HttpStatusCode.NotFound ? "The file has moved: correct its address in datasets.yaml." : "Try again later.")}");

    public static DataException ServerTrouble(Uri url, HttpStatusCode found) =>
        new("MLP1050", $"{url} answered {(int)found} {found} each time, expected 200 or 206. The server is in trouble: try again later.");

    public static DataException Stalled(Uri url, TimeSpan limit, long received) =>
        new("MLP1043", $"{url} sent nothing for {limit.TotalSeconds:0.#} s after {received:N0} bytes, expected a steady stream. Run the command again: it goes on where it stopped.");

    public static DataException Broken(Uri url, long received, Exception inner) =>
        new("MLP1044", $"the connection to {url} failed after {received:N0} bytes ({inner.Message}). Check the network and run the command again: it goes on where it stopped.", inner);

    public static DataException Redirect(Uri url, string found) =>
        new("MLP1045", $"{url} redirects {found}, expected at most {FetchOptions.MostRedirects} redirects that stay with https. Check its address in datasets.yaml.");

    public static DataException Size(Uri url, long found, DataFile file) =>
        new("MLP1046", $"{url} has {found:N0} bytes, expected {string.Join(" or ", file.Pins.Select(p => $"{p.Bytes:N0}"))} for {file.Name}. Nothing was kept; check its address in datasets.yaml.");

    public static DataException Digest(Uri url, DataFile file, string found) =>
        new("MLP1047", $"{url} has SHA-256 {found}, expected {string.Join(" or ", file.Pins.Select(p => p.Sha256))} for {file.Name}. Nothing was kept; try again, and if it stays so, do not trust the source.");

    public static DataException CannotWrite(string path, Exception inner) =>
        new("MLP1048", $"{path} cannot be written ({inner.Message}), expected room and permission. What was received of it was removed; free some space or point MLPERFEDU_CACHE elsewhere.", inner);

    public static DataException Busy(string path, TimeSpan waited) =>
        new("MLP1049", $"{path} has been held by another run for {waited.TotalSeconds:0} s, expected it to finish. Wait for that run, or end it, and try again.");
}
