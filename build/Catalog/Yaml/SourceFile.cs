namespace MlPerfEdu.Generator;

internal static class SourceFile
{
    /// <summary>The bytes of a file, or null after reporting why there are none.</summary>
    public static byte[]? Read(string path, Problems problems)
    {
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length <= SourceText.MaxBytes)
            {
                var bytes = new byte[file.Length];
                file.ReadExactly(bytes);
                return bytes;
            }
            problems.FileTooLarge(file.Length, SourceText.MaxBytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problems.Unreadable(e.Message);
        }
        return null;
    }
}
