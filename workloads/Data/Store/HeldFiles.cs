namespace MlPerfEdu.Data;

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
        // Unpacking makes a folder that is called as the archive, in the data set's folder or beside it.
        string[] folders = [own, .. Sorted(own, Directory.EnumerateDirectories), Path.Combine(root, Path.GetFileNameWithoutExtension(archive.Name))];
        return folders.SelectMany(one => Sorted(one, Directory.EnumerateFiles).Where(AnyArchive.IsNamed).Prepend(one)).FirstOrDefault(place => HasAll(archive, place));
    }

    /// <exception cref="DataException">When one is missing or has other bytes than are pinned.</exception>
    public static IEnumerable<ResolvedFile> Verify(DataFile archive, string place, DataOrigin origin)
    {
        try
        {
            var packed = File.Exists(place);
            var contents = packed ? Unpacked(archive, place) : archive.Holds.ToDictionary(held => held.Name, held => File.ReadAllBytes(Path.Combine(place, held.Name)));
            // What the published archive holds is right by definition.
            var published = packed && archive.Pins.Any(pin => pin.Sha256 == FileCheck.Digest(place));
            return [.. archive.Holds.Select(held => Checked(held))];

            ResolvedFile Checked(HeldFile held)
            {
                if (!contents.TryGetValue(held.Name, out var bytes)) throw ArchiveErrors.Missing(Path.GetFileName(place), held.Name);
                var digest = FileCheck.Digest(bytes);
                if (!published && digest != held.Sha256) throw StoreErrors.WrongDigest(packed ? $"{held.Name} in {place}" : Path.Combine(place, held.Name), digest, [held.Sha256], origin);
                return new(held.Name, packed ? place : Path.Combine(place, held.Name), bytes.Length, digest, Pinned: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StoreErrors.CannotRead(place, e);
        }
    }

    /// <summary>The bytes of one that was found.</summary>
    public static byte[] Read(ResolvedFile file)
    {
        if (Path.GetFileName(file.Path) == file.Name) return File.ReadAllBytes(file.Path);
        return AnyArchive.Read(file.Path, Limits).Where(entry => entry.Parts[^1] == file.Name).Select(entry => entry.ReadAll()).FirstOrDefault()
            ?? throw ArchiveErrors.Missing(Path.GetFileName(file.Path), file.Name);
    }

    static Dictionary<string, byte[]> Unpacked(DataFile archive, string place)
    {
        var contents = new Dictionary<string, byte[]>();
        foreach (var entry in AnyArchive.Read(place, Limits))
        {
            if (archive.Holds.Any(held => held.Name == entry.Parts[^1]) && !contents.ContainsKey(entry.Parts[^1])) contents[entry.Parts[^1]] = entry.ReadAll();
        }
        return contents;
    }

    static bool HasAll(DataFile archive, string place)
    {
        try
        {
            var names = File.Exists(place)
                ? AnyArchive.Read(place, Limits).Select(entry => entry.Parts[^1]).ToHashSet()
                : Sorted(place, Directory.EnumerateFiles).Select(path => Path.GetFileName(path)).ToHashSet();
            return archive.Holds.All(held => names.Contains(held.Name));
        }
        catch (Exception e) when (e is DataException or IOException or UnauthorizedAccessException)
        {
            // Whatever it is, it is not what is looked for.
            return false;
        }
    }

    static IEnumerable<string> Sorted(string folder, Func<string, IEnumerable<string>> list) =>
        Directory.Exists(folder) ? list(folder).Order(StringComparer.Ordinal) : [];
}
