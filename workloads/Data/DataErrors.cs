using System.Net;

namespace MlPerfEdu.Data;

/// <summary>A data problem with a stable code; workloads/Data/README.md has a heading for each.</summary>
public sealed class DataException(string code, string message, Exception? inner = null) : Exception($"{code}: {message}", inner)
{
    public string Code { get; } = code;
}

static class StoreErrors
{
    public static DataException UnknownDataSet(string id, IEnumerable<string> known) => new("MLP1020",
        $"there is no data set '{id}', expected one of: {string.Join(", ", known.Order(StringComparer.Ordinal))}. " +
        "Add it to datasets.yaml or correct the name.");

    public static DataException WrongSize(string path, long found, DataFile file, DataOrigin origin) => new("MLP1021",
        $"{path} holds {found:N0} bytes, expected {Sizes(file)}: it is cut short or not the file that is meant. {Remedy(origin)}");

    public static DataException WrongDigest(string path, string found, IEnumerable<string> expected, DataOrigin origin) => new("MLP1022",
        $"{path} has SHA-256 {found}, expected {string.Join(" or ", expected)}: its bytes were changed. {Remedy(origin)}");

    public static DataException NoDataFolder(string found) => new("MLP1023",
        $"MLPERFEDU_DATA is '{found}', expected an existing folder. Create it, correct the variable, or unset it.");

    public static DataException NotAvailable(string id, string reason) => new("MLP1024", $"data set '{id}' is not at hand: {reason}");

    public static DataException GeneratedOtherwise(string id, string found, string expected) => new("MLP1025",
        $"'{id}' was generated with SHA-256 {found}, expected {expected}. If the generator was changed on purpose, write the new digest into " +
        "datasets.yaml and measure its targets again; otherwise this machine computes differently, please report it.");

    public static DataException CannotRead(string path, Exception inner) => new("MLP1026",
        $"{path} cannot be read ({inner.Message}), expected a readable file. Check its permissions and the disk.", inner);

    internal static string Sizes(DataFile file) => string.Join(" or ", file.Pins.Select(p => $"{p.Bytes:N0}"));

    static string Remedy(DataOrigin origin) => origin == DataOrigin.DataFolder
        ? "It is in your MLPERFEDU_DATA, which is never written to: replace it there."
        : "Fetch the data set again with `data fetch`, which replaces it.";
}

static class FetchErrors
{
    public static DataException Offline(string id) => new("MLP1040",
        $"'{id}' is not at hand and MLPERFEDU_OFFLINE is set, expected permission to download it. " +
        "Unset the variable, or copy the files into MLPERFEDU_DATA.");

    public static DataException NoSource(string id) => new("MLP1041",
        $"'{id}' cannot be downloaded: datasets.yaml has no address for it. " +
        "Its note there says how to get the files; copy them into MLPERFEDU_DATA.");

    public static DataException Status(Uri url, HttpStatusCode found) => new("MLP1042",
        $"{url} answered {(int)found} {found}, expected 200 or 206. " + (found == HttpStatusCode.NotFound
            ? "The file has moved: correct its address in datasets.yaml."
            : "Try again later."));

    public static DataException Stalled(Uri url, TimeSpan limit, long received) => new("MLP1043",
        $"{url} sent nothing for {limit.TotalSeconds:0.#} s after {received:N0} bytes, expected a steady stream. " +
        "Run the command again: it resumes where it stopped.");

    public static DataException Broken(Uri url, long received, Exception inner) => new("MLP1044",
        $"the connection to {url} failed after {received:N0} bytes ({inner.Message}). " +
        "Check the network and run the command again: it resumes where it stopped.", inner);

    // The client follows the others.
    public static DataException Redirect(Uri url, Uri? target) => new("MLP1045", $"{url} redirects " + target switch
        {
            null => "to nowhere",
            { IsAbsoluteUri: true, Scheme: not "https" } => $"to {target.Scheme}",
            _ => $"more than {FetchOptions.MostRedirects} times",
        } + $", expected at most {FetchOptions.MostRedirects} redirects that stay with https. Check its address in datasets.yaml.");

    public static DataException Size(Uri url, long found, DataFile file) => new("MLP1046",
        $"{url} has {found:N0} bytes, expected {StoreErrors.Sizes(file)} for {file.Name}. " +
        "Nothing was kept; check its address in datasets.yaml.");

    public static DataException Digest(Uri url, DataFile file, string found) => new("MLP1047",
        $"{url} has SHA-256 {found}, expected {string.Join(" or ", file.Pins.Select(p => p.Sha256))} for {file.Name}. " +
        "Nothing was kept; try again, and if it happens again, do not trust the source.");

    public static DataException CannotWrite(string path, Exception inner) => new("MLP1048",
        $"{path} cannot be written ({inner.Message}), expected free space and permission. " +
        "What was received of it was removed; free some space or point MLPERFEDU_CACHE elsewhere.", inner);

    public static DataException Busy(string path, TimeSpan waited) => new("MLP1049",
        $"{path} has been locked by another run for {waited.TotalSeconds:0} s, expected it to finish. " +
        "Wait for that run, or end it, and try again.");

    public static DataException ServerTrouble(Uri url, HttpStatusCode found) => new("MLP1050",
        $"{url} answered {(int)found} {found} each time, expected 200 or 206. The server is in trouble: try again later.");
}

static class ArchiveErrors
{
    public static DataException Unreadable(string archive, string found, Exception? inner = null) => new("MLP1060",
        $"{archive} cannot be read as an archive ({found}), expected a whole .tar.gz or .zip file. Fetch it again.", inner);

    public static DataException UnsafeName(string archive, string entry, string why) => new("MLP1061",
        $"{archive} holds an entry named '{Printable(entry)}', which {why}; expected a plain relative path. Do not trust this archive.");

    public static DataException NotAFile(string archive, string entry, string kind) => new("MLP1062",
        $"{archive} holds '{Printable(entry)}', a {kind}; expected files and folders only. Do not trust this archive.");

    public static DataException TooMuch(string archive, string found, string limit) => new("MLP1063",
        $"{archive} holds {found}, expected at most {limit}. Check that it is the right archive.");

    public static DataException Missing(string archive, string entry) => new("MLP1064",
        $"{archive} has no entry '{entry}', which its data set needs. Fetch it again.");

    static string Printable(string name) => new([.. name.Take(120).Select(c => char.IsControl(c) ? '?' : c)]);
}

/// <summary>Bytes that are not what their format promises.</summary>
static class FormatErrors
{
    // A published file got here only because its SHA-256 is the pinned one: fetching it again brings the same bytes.
    const string Remedy = "If the file is your own, write it exactly as the format requires; " +
        "if it is the published one, its bytes are as pinned, so please report this.";

    public static DataException Malformed(string file, long offset, string found, string expected, Exception? inner = null) =>
        new("MLP1080", $"{file}, offset {offset}: found {found}, expected {expected}. {Remedy}", inner);

    public static DataException MalformedLine(string file, int line, string found, string expected) =>
        new("MLP1080", $"{file}, line {line}: found {found}, expected {expected}. Look at that line. {Remedy}");

    public static DataException Truncated(string file, long found, long expected, string unit) =>
        new("MLP1081", $"{file} ends early: found {found} {unit}, expected {expected}. {Remedy}");

    public static DataException TooLong(string file, long expected, string unit) =>
        new("MLP1082", $"{file} continues after its last sample: expected {expected} {unit}. {Remedy}");

    public static DataException CountsDiffer(string images, int found, string labels, int expected) =>
        new("MLP1083", $"{images} holds {found} images but {labels} has {expected} labels: they do not belong together. {Remedy}");

    public static DataException LabelOutOfRange(string file, int index, int found, int classes) =>
        new("MLP1084", $"{file}: label {index} is {found}, expected 0 to {classes - 1}. {Remedy}");

    public static DataException WrongShape(string file, string found, string expected) =>
        new("MLP1085", $"{file}: found {found}, expected {expected}. Check that it is not the file of another data set.");

    public static DataException ClipsDiffer(string archive, int clips, string found, string expected, string? wrong) => new("MLP1086",
        $"the {clips} clips of {archive} have digest {found}, expected {expected}" +
        $"{(wrong is null ? "" : $"; the first that differs is {wrong}")}. Fetch the archive again.");
}
