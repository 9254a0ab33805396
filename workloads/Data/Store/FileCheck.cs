namespace MlPerfEdu.Data;

/// <summary>Size, then SHA-256, before each use of a file: a time stamp would miss changed bytes.</summary>
static class FileCheck
{
    /// <exception cref="DataException">When the bytes are not those of one of the file's pins.</exception>
    public static ResolvedFile Verify(DataFile file, string path, DataOrigin origin, CancellationToken stop = default)
    {
        try
        {
            var bytes = new FileInfo(path).Length;
            var candidates = file.Pins.Where(p => p.Bytes == bytes).ToList();
            if (file.Pins.Count > 0 && candidates.Count == 0) throw StoreErrors.WrongSize(path, bytes, file, origin);
            var digest = Digest(path, stop);
            if (file.Pins.Count > 0 && !candidates.Exists(p => p.Sha256 == digest))
                throw StoreErrors.WrongDigest(path, digest, candidates.Select(p => p.Sha256), origin);
            return new(file.Name, path, bytes, digest, file.Pins.Count > 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StoreErrors.CannotRead(path, e);
        }
    }

    public static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static string Digest(string path, CancellationToken stop = default)
    {
        using var stream = new FileStream(path, new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan });
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        while (stream.Read(buffer) is > 0 and var read)
        {
            stop.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>Files that are a data set whatever they are packed in: the published archive, another one, or a folder.</summary>
static class HeldFiles
{
    static readonly ArchiveLimits Limits = new(Entries: 1_000, EntryBytes: 16 << 20, TotalBytes: 256 << 20);

    /// <summary>The archive or folder of a root that has them all: the published archive where it is, else the first that is found.</summary>
    public static string? Place(DataFile archive, string folder, string root)
    {
        var own = Path.Combine(root, folder);
        var published = Path.Combine(own, archive.Name);
        if (File.Exists(published)) return published;
        // Unpacking makes a folder with the archive's name, in the data set's folder or next to it.
        var unpacked = Path.Combine(root, Path.GetFileNameWithoutExtension(archive.Name));
        string[] folders = [own, .. Sorted(own, Directory.EnumerateDirectories), unpacked];
        return folders.SelectMany(one => Sorted(one, Directory.EnumerateFiles).Where(Archive.IsNamed).Prepend(one))
            .FirstOrDefault(place => HasAll(archive, place));
    }

    /// <exception cref="DataException">When one is missing or has other bytes than are pinned.</exception>
    public static IEnumerable<ResolvedFile> Verify(DataFile archive, string place, DataOrigin origin)
    {
        try
        {
            var packed = File.Exists(place);
            var contents = packed ? Unpacked(archive, place) : archive.Holds.ToDictionary(held => held.Name, held => File.ReadAllBytes(Inside(held)));
            // What the published archive holds is right by definition.
            var published = packed && archive.Pins.Any(pin => pin.Sha256 == FileCheck.Digest(place));
            return [.. archive.Holds.Select(Checked)];

            ResolvedFile Checked(HeldFile held)
            {
                if (!contents.TryGetValue(held.Name, out var bytes)) throw ArchiveErrors.Missing(Path.GetFileName(place), held.Name);
                var digest = FileCheck.Digest(bytes);
                if (!published && digest != held.Sha256)
                    throw StoreErrors.WrongDigest(packed ? $"{held.Name} in {place}" : Inside(held), digest, [held.Sha256], origin);
                return new(held.Name, packed ? place : Inside(held), bytes.Length, digest, Pinned: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StoreErrors.CannotRead(place, e);
        }

        string Inside(HeldFile held) => Path.Combine(place, held.Name);
    }

    /// <summary>The bytes of a file that was resolved.</summary>
    public static byte[] Read(ResolvedFile file)
    {
        if (Path.GetFileName(file.Path) == Path.GetFileName(file.Name)) return File.ReadAllBytes(file.Path);
        return Archive.Read(file.Path, Limits).Where(entry => entry.FileName == file.Name).Select(entry => entry.ReadAll()).FirstOrDefault()
            ?? throw ArchiveErrors.Missing(Path.GetFileName(file.Path), file.Name);
    }

    static Dictionary<string, byte[]> Unpacked(DataFile archive, string place) => Archive.Read(place, Limits)
        .Where(entry => archive.Holds.Any(held => held.Name == entry.FileName)).DistinctBy(entry => entry.FileName)
        .ToDictionary(entry => entry.FileName, entry => entry.ReadAll());

    static bool HasAll(DataFile archive, string place)
    {
        try
        {
            if (!File.Exists(place)) return archive.Holds.All(held => File.Exists(Path.Combine(place, held.Name)));
            var names = Archive.Read(place, Limits).Select(entry => entry.FileName).ToHashSet();
            return archive.Holds.All(held => names.Contains(held.Name));
        }
        catch (Exception e) when (e is DataException or IOException or UnauthorizedAccessException)
        {
            // Unreadable, so it is not the archive we look for.
            return false;
        }
    }

    static IEnumerable<string> Sorted(string folder, Func<string, IEnumerable<string>> list) =>
        Directory.Exists(folder) ? list(folder).Order(StringComparer.Ordinal) : [];
}
