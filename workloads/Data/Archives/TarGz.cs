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
        using var packed = new FileStream(path, new FileStreamOptions { BufferSize = 1 << 18, Options = FileOptions.SequentialScan });
        using var gzip = new GZipStream(packed, CompressionMode.Decompress);
        using var plain = new GuardedStream(gzip, archive, bounds.TotalBytes, () => packed.Position, bounds.Ratio);
        if (packed.Length < SmallestGzip) throw ArchiveErrors.Unreadable(archive, $"{packed.Length} bytes");
        using var tar = new TarReader(plain);
        var entries = 0;
        while (Archive.Decoded(archive, () => tar.GetNextEntry()) is { } entry)
        {
            if (++entries > bounds.Entries)
                throw ArchiveErrors.TooMuch(archive, $"more than {bounds.Entries:N0} entries", $"{bounds.Entries:N0}");
            if (entry.EntryType is TarEntryType.GlobalExtendedAttributes) continue;
            var folder = entry.EntryType is TarEntryType.Directory or TarEntryType.DirectoryList;
            var file = entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile;
            var special = file || folder ? null : $"{entry.EntryType}";
            if (Archive.PathOf(archive, bounds, entry.Name, folder, special, entry.Length) is { } parts)
                yield return new(archive, parts, entry.Length, entry.DataStream ?? Stream.Null);
        }
        plain.CopyTo(Stream.Null);
        CheckEnd(packed, plain.Position, archive);
        if (entries == 0) throw ArchiveErrors.Unreadable(archive, "no entry at all");
    }

    // A cut between two entries looks like the end to both decoders; only gzip's own count of the bytes, its last four, tells.
    static void CheckEnd(FileStream packed, long unpacked, string archive)
    {
        Span<byte> count = stackalloc byte[4];
        packed.Seek(-count.Length, SeekOrigin.End);
        packed.ReadExactly(count);
        var expected = BinaryPrimitives.ReadUInt32LittleEndian(count);
        if (expected != (uint)unpacked)
            throw ArchiveErrors.Unreadable(archive, $"{unpacked:N0} unpacked bytes where its end says {expected:N0}");
    }
}
