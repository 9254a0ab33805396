namespace MlPerfEdu.Data;

static class ArchiveErrors
{
    public static DataException Unreadable(string archive, string found, Exception? inner = null) =>
        new("MLP1060", $"{archive} cannot be read as an archive ({found}), expected a whole .tar.gz or .zip file. Fetch it again.", inner);

    public static DataException UnsafeName(string archive, string entry, string why) =>
        new("MLP1061", $"{archive} holds an entry named '{Printable(entry)}', which {why}; expected a plain relative path. Nothing was unpacked; do not trust this archive.");

    public static DataException NotAFile(string archive, string entry, string kind) =>
        new("MLP1062", $"{archive} holds '{Printable(entry)}', a {kind}; expected files and folders only. Nothing was unpacked; do not trust this archive.");

    public static DataException TooMuch(string archive, string found, string limit) =>
        new("MLP1063", $"{archive} holds {found}, expected at most {limit}. Nothing was unpacked; is it the archive that is meant?");

    public static DataException Missing(string archive, string entry) =>
        new("MLP1064", $"{archive} has no entry '{entry}', which its data set needs. Fetch it again.");

    static string Printable(string name) => new([.. name.Take(120).Select(c => char.IsControl(c) ? '?' : c)]);
}
