namespace MlPerfEdu.Data;

/// <summary>Unpacks an archive into a new folder: all of it, or nothing.</summary>
public static class Unpacker
{
    /// <param name="folder">Must not exist yet.</param>
    public static void Unpack(string archivePath, string folder, ArchiveLimits? limits = null)
    {
        var entries = AnyArchive.Read(archivePath, limits);
        var archive = Path.GetFileName(archivePath);
        var target = Path.GetFullPath(folder);
        var unfinished = $"{target}.unpacking-{Guid.NewGuid():N}";
        Directory.CreateDirectory(unfinished);
        try
        {
            var seen = new Dictionary<string, bool>(StringComparer.OrdinalIgnoreCase);
            foreach (var entry in entries)
            {
                RefuseDoubles(entry, seen, archive);
                Write(entry, unfinished, archive);
            }
            Directory.Move(unfinished, target);
        }
        catch
        {
            Directory.Delete(unfinished, recursive: true);
            throw;
        }
    }

    static void Write(ArchiveEntry entry, string root, string archive)
    {
        var path = Path.Combine([root, .. entry.Parts]);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = new FileStream(path, FileMode.CreateNew);
        entry.Content.CopyTo(file);
        if (file.Length != entry.Length) throw ArchiveErrors.Unreadable(archive, $"'{entry.Name}' has {file.Length:N0} of {entry.Length:N0} bytes");
    }

    // Case matters on some systems only: what would overwrite a file anywhere is refused everywhere.
    static void RefuseDoubles(ArchiveEntry entry, Dictionary<string, bool> isFile, string archive)
    {
        for (var depth = 1; depth <= entry.Parts.Count; depth++)
        {
            var path = string.Join('/', entry.Parts.Take(depth));
            var file = depth == entry.Parts.Count;
            if (!isFile.TryAdd(path, file) && (file || isFile[path])) throw ArchiveErrors.UnsafeName(archive, entry.Name, "occurs twice");
        }
    }
}
