namespace MlPerfEdu.Data;

/// <summary>An archive's own idea of a path, accepted only when it stays where it is put, on every system.</summary>
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
