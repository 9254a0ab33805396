namespace MlPerfEdu.Data;

static class StoreErrors
{
    public static DataException UnknownDataSet(string id, IEnumerable<string> known) =>
        new("MLP1020", $"there is no data set '{id}', expected one of: {string.Join(", ", known.Order(StringComparer.Ordinal))}. Add it to datasets.yaml or correct the name.");

    public static DataException WrongSize(string path, long found, DataFile file, DataOrigin origin) =>
        new("MLP1021", $"{path} holds {found:N0} bytes, expected {string.Join(" or ", file.Pins.Select(p => $"{p.Bytes:N0}"))}: it is cut short or not the file that is meant. {Remedy(origin)}");

    public static DataException WrongDigest(string path, string found, IEnumerable<string> expected, DataOrigin origin) =>
        new("MLP1022", $"{path} has SHA-256 {found}, expected {string.Join(" or ", expected)}: its bytes were changed. {Remedy(origin)}");

    public static DataException NoDataFolder(string found) =>
        new("MLP1023", $"MLPERFEDU_DATA is '{found}', expected an existing folder. Create it, correct the variable, or unset it.");

    public static DataException NotAvailable(string id, string reason) => new("MLP1024", $"data set '{id}' is not at hand: {reason}");

    public static DataException GeneratedOtherwise(string id, string found, string expected) =>
        new("MLP1025", $"'{id}' was generated with SHA-256 {found}, expected {expected}. "
            + "If the generator was changed on purpose, write the new digest into datasets.yaml and measure its targets again; otherwise this machine computes differently, please report it.");

    public static DataException CannotRead(string path, Exception inner) =>
        new("MLP1026", $"{path} cannot be read ({inner.Message}), expected a readable file. Check its permissions and the disk.", inner);

    static string Remedy(DataOrigin origin) => origin == DataOrigin.DataFolder
        ? "It is in your MLPERFEDU_DATA, which is never written to: replace it there."
        : "Fetch the data set again with `data fetch`, which replaces it.";
}
