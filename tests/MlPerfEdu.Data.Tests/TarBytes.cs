using System.Formats.Tar;
using System.IO.Compression;

namespace MlPerfEdu.Data.Tests;

/// <summary>Packs .tar.gz files, honest ones and others.</summary>
static class TarBytes
{
    public static byte[] Of(params (string Name, byte[] Content)[] files) => Of([.. files.Select(f => File(f.Name, f.Content))]);

    public static byte[] Of(params TarEntry[] entries) => Of(CompressionLevel.Fastest, entries);

    public static byte[] Of(CompressionLevel level, params TarEntry[] entries)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, level))
        using (var tar = new TarWriter(gzip))
            foreach (var entry in entries) tar.WriteEntry(entry);
        return packed.ToArray();
    }

    public static TarEntry File(string name, byte[] content) => new UstarTarEntry(TarEntryType.RegularFile, name) 
        { DataStream = new MemoryStream(content), ModificationTime = DateTimeOffset.UnixEpoch };
}
