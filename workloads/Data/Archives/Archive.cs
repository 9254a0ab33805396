using System.Formats.Tar;

namespace MlPerfEdu.Data;

/// <summary>What an archive may hold before it is refused, so that a small file cannot fill a disk.</summary>
/// <param name="Ratio">Unpacked bytes per packed byte, beyond the first megabyte.</param>
sealed record ArchiveLimits(int Entries = 200_000, long EntryBytes = 1L << 30, long TotalBytes = 8L << 30, int Ratio = 200);

/// <summary>Reads the files of an archive one after the other, without unpacking it to disk; its name tells which kind it is.</summary>
static class Archive
{
    const string ZipEnding = ".zip";
    static readonly string[] TarEndings = [".tar.gz", ".tgz"];

    public static bool IsNamed(string path) => IsZip(path) || TarEndings.Any(end => path.EndsWith(end, StringComparison.OrdinalIgnoreCase));

    public static IEnumerable<ArchiveEntry> Read(string path, ArchiveLimits? limits = null) =>
        IsZip(path) ? Zip.Read(path, limits) : TarGz.Read(path, limits);

    static bool IsZip(string path) => path.EndsWith(ZipEnding, StringComparison.OrdinalIgnoreCase);

    /// <summary>The path of an entry that is a file within the limits; null for a folder.</summary>
    /// <param name="special">What the entry is when it is neither.</param>
    public static string[]? PathOf(string archive, ArchiveLimits limits, string name, bool folder, string? special, long length)
    {
        var parts = EntryName.Parts(archive, name);
        if (special is not null) throw ArchiveErrors.NotAFile(archive, name, special);
        if (folder) return null;
        if (parts.Length == 0) throw ArchiveErrors.UnsafeName(archive, name, "names no file");
        if (length > limits.EntryBytes)
            throw ArchiveErrors.TooMuch(archive, $"'{parts[^1]}' of {length:N0} bytes", $"{limits.EntryBytes:N0} a file");
        return parts;
    }

    /// <summary>Turns what a decoder throws for damaged bytes into our error.</summary>
    public static T Decoded<T>(string archive, Func<T> decode)
    {
        try
        {
            return decode();
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException or ArgumentException
            or OverflowException or NotSupportedException)
        {
            throw ArchiveErrors.Unreadable(archive, e.Message, e);
        }
    }
}

/// <summary>One file of an archive; its content can be read until the next entry is read.</summary>
/// <param name="Parts">The folders and the file name, each checked to be harmless.</param>
sealed record ArchiveEntry(string Archive, IReadOnlyList<string> Parts, long Length, Stream Content)
{
    public string FileName => Parts[^1];

    public byte[] ReadAll()
    {
        var bytes = new byte[Length];
        var read = Content.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return read == Length ? bytes : throw ArchiveErrors.Unreadable(Archive, $"'{FileName}' has {read:N0} of {Length:N0} bytes");
    }
}

/// <summary>The path of an archive's entry, accepted only when it stays in its folder, on every system.</summary>
static class EntryName
{
    static readonly HashSet<string> Devices = new(StringComparer.OrdinalIgnoreCase)
    {
        "CON", "PRN", "AUX", "NUL", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9",
        "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9",
    };

    /// <summary>The path's parts without a leading "./"; empty for the archive's own root folder.</summary>
    public static string[] Parts(string archive, string name)
    {
        var path = name;
        while (path.StartsWith("./", StringComparison.Ordinal)) path = path[2..];
        path = path.TrimEnd('/');
        if (path is "" or ".") return name.StartsWith('/') ? throw ArchiveErrors.UnsafeName(archive, name, "is absolute") : [];
        if (path.Length > 1000) throw ArchiveErrors.UnsafeName(archive, name, "is longer than 1,000 characters");
        var parts = path.Split('/');
        foreach (var part in parts)
            if (Fault(part) is { } fault) throw ArchiveErrors.UnsafeName(archive, name, fault);
        return parts;
    }

    static string? Fault(string part) => part switch
    {
        "" => "is absolute or has an empty part",
        "." or ".." => "climbs out of its folder",
        { Length: > 200 } => "has a part longer than 200 characters",
        _ when part.Any(c => char.IsControl(c) || "\\:*?\"<>|".Contains(c)) => "has a character that some systems treat specially",
        _ when part[^1] is '.' or ' ' || part[0] == ' ' => "begins or ends with a space or ends with a dot",
        _ when Devices.Contains(part.Split('.')[0]) => "is the name of a device",
        _ => null,
    };
}

/// <summary>A forward-only view of a decompressor that counts and limits what comes out and turns its failures into ours.</summary>
sealed class GuardedStream(Stream inner, string archive, long mostBytes, Func<long> packedBytes, int ratio) : Stream
{
    const long RatioSlack = 1 << 20;
    long read;

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        try
        {
            var read = inner.Read(buffer);
            this.read += read;
            if (this.read > mostBytes) throw ArchiveErrors.TooMuch(archive, $"more than {mostBytes:N0} bytes", $"{mostBytes:N0}");
            if (this.read > RatioSlack + ratio * packedBytes())
                throw ArchiveErrors.TooMuch(archive, $"data packed more than {ratio} to 1", $"{ratio} to 1");
            return read;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw ArchiveErrors.Unreadable(archive, $"{e.Message} after {this.read:N0} unpacked bytes", e);
        }
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => read; set => throw new NotSupportedException(); }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override void Flush() { }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}

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

static class Zip
{
    const int TypeMask = 0xF000, Folder = 0x4000, RegularFile = 0x8000;

    public static IEnumerable<ArchiveEntry> Read(string path, ArchiveLimits? limits = null)
    {
        var (bounds, archive) = (limits ?? new(), Path.GetFileName(path));
        using var zip = Archive.Decoded(archive, () => ZipFile.OpenRead(path));
        // The directory is read only now.
        var entries = Archive.Decoded(archive, () => zip.Entries);
        if (entries.Count > bounds.Entries)
            throw ArchiveErrors.TooMuch(archive, $"{entries.Count:N0} entries", $"{bounds.Entries:N0}");
        var left = bounds.TotalBytes;
        foreach (var entry in entries)
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
