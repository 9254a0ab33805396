namespace MlPerfEdu.Data;

/// <summary>What has been received of a file so far, and which version of it: kept beside the target until it is whole.</summary>
sealed class PartFile(string target)
{
    readonly string _version = target + ".part.etag";

    public string Path { get; } = target + ".part";

    public long Length => File.Exists(Path) ? new FileInfo(Path).Length : 0;

    /// <summary>The server's name for the version that the bytes belong to; only a strong one can be resumed by.</summary>
    public string? Version => File.Exists(_version) && File.ReadAllText(_version) is { Length: > 0 } etag ? etag : null;

    /// <summary>Forgets the bytes and notes which version comes next.</summary>
    public void Begin(string? version)
    {
        Remove();
        if (version is not null) File.WriteAllText(_version, version);
    }

    public void Remove()
    {
        File.Delete(Path);
        File.Delete(_version);
    }

    /// <summary>Puts the whole file in its place in one step.</summary>
    public void Place()
    {
        File.Move(Path, target, overwrite: true);
        File.Delete(_version);
    }
}
