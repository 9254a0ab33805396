using System.IO.Compression;

namespace MlPerfEdu.Data;

static class Zip
{
    const int TypeMask = 0xF000, Folder = 0x4000, RegularFile = 0x8000;

    public static IEnumerable<ArchiveEntry> Read(string path, ArchiveLimits? limits = null)
    {
        var (bounds, archive) = (limits ?? new(), Path.GetFileName(path));
        using var zip = Archive.Decoded(archive, () => ZipFile.OpenRead(path));
        if (zip.Entries.Count > bounds.Entries)
            throw ArchiveErrors.TooMuch(archive, $"{zip.Entries.Count:N0} entries", $"{bounds.Entries:N0}");
        var left = bounds.TotalBytes;
        foreach (var entry in zip.Entries)
        {
            var type = entry.ExternalAttributes >> 16 & TypeMask;
            var special = type is 0 or Folder or RegularFile ? null : $"special entry of type 0x{type:x}";
            var folder = entry.FullName.EndsWith('/') || type == Folder;
            if (Archive.PathOf(archive, bounds, entry.FullName, folder, special, entry.Length) is not { } parts) continue;
            if ((left -= entry.Length) < 0)
                throw ArchiveErrors.TooMuch(archive, $"more than {bounds.TotalBytes:N0} bytes", $"{bounds.TotalBytes:N0}");
            // The directory may understate a length, so it limits what may come out.
            using var content = new GuardedStream(
                Archive.Decoded(archive, entry.Open), archive, entry.Length, () => entry.CompressedLength, bounds.Ratio);
            yield return new(archive, parts, entry.Length, content);
        }
    }
}
