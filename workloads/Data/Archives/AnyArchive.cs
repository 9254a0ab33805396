namespace MlPerfEdu.Data;

/// <summary>Reads the files of an archive of either kind; its name says which.</summary>
static class AnyArchive
{
    const string ZipEnding = ".zip";
    static readonly string[] TarEndings = [".tar.gz", ".tgz"];

    public static bool IsNamed(string path) => IsZip(path) || TarEndings.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    public static IEnumerable<ArchiveEntry> Read(string path, ArchiveLimits? limits = null) => IsZip(path) ? Zip.Read(path, limits) : TarGz.Read(path, limits);

    static bool IsZip(string path) => path.EndsWith(ZipEnding, StringComparison.OrdinalIgnoreCase);
}
