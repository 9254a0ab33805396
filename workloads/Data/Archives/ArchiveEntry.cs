namespace MlPerfEdu.Data;

/// <summary>One file of an archive; its content can be read until the next entry is asked for.</summary>
public sealed class ArchiveEntry(IReadOnlyList<string> parts, long length, Stream content)
{
    /// <summary>The folders and the file name, each checked to be harmless.</summary>
    public IReadOnlyList<string> Parts { get; } = parts;

    public string Name => string.Join('/', Parts);
    public long Length { get; } = length;
    public Stream Content { get; } = content;

    public byte[] ReadAll()
    {
        var bytes = new byte[Length];
        Content.ReadExactly(bytes);
        return bytes;
    }
}
