using System.Buffers.Binary;
using System.Formats.Tar;
using System.IO.Compression;

namespace MlPerfEdu.Data;

static class TarGz
{
    const int SmallestGzip = 18;

    public static IEnumerable<ArchiveEntry> Read(string path, ArchiveLimits? limits = null)
    {
        var (bounds, archive) = (limits ?? new(), Path.GetFileName(path));
        using var file = new FileStream(path, new FileStreamOptions { BufferSize = 1 << 18, Options = FileOptions.SequentialScan });
        using var gzip = new GZipStream(file, CompressionMode.Decompress);
        using var plain = new GuardedStream(gzip, archive, bounds.TotalBytes, () => file.Position, bounds.Ratio);
        if (file.Length < SmallestGzip) throw ArchiveErrors.Unreadable(archive, $"{file.Length} bytes");
        using var tar = new TarReader(plain);
        var entries = 0;
        while (Archive.Decoded(archive, () => tar.GetNextEntry()) is { } entry)
        {
            if (++entries > bounds.Entries)
                throw ArchiveErrors.TooMuch(archive, $"more than {bounds.Entries:N0} entries", $"{bounds.Entries:N0}");
            if (entry.EntryType is TarEntryType.GlobalExtendedAttributes) continue;
            var parts = EntryName.Parts(archive, entry.Name);
            if (entry.EntryType is TarEntryType.Directory or TarEntryType.DirectoryList) continue;
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile))
                throw ArchiveErrors.NotAFile(archive, entry.Name, entry.EntryType.ToString());
            if (parts.Length == 0) throw ArchiveErrors.UnsafeName(archive, entry.Name, "names no file");
            if (entry.Length > bounds.EntryBytes)
                throw ArchiveErrors.TooMuch(archive, $"'{parts[^1]}' of {entry.Length:N0} bytes", $"{bounds.EntryBytes:N0} a file");
            yield return new(archive, parts, entry.Length, entry.DataStream ?? Stream.Null);
        }
        plain.CopyTo(Stream.Null);
        CheckEnd(file, plain.Position, archive);
        if (entries == 0) throw ArchiveErrors.Unreadable(archive, "no entry at all");
    }

    // A cut between two entries looks like the end to both decoders; only gzip's own count of the bytes, its last four, tells.
    static void CheckEnd(FileStream file, long unpacked, string archive)
    {
        Span<byte> count = stackalloc byte[4];
        file.Seek(-count.Length, SeekOrigin.End);
        file.ReadExactly(count);
        var expected = BinaryPrimitives.ReadUInt32LittleEndian(count);
        if (expected != (uint)unpacked)
            throw ArchiveErrors.Unreadable(archive, $"{unpacked:N0} unpacked bytes where its end says {expected:N0}");
    }
}
