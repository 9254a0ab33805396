using System.Text;

namespace VerifyTests;

/// <summary>Snapshots as files: UTF-8 with a byte order mark, lines ended by \n, read back however an editor left them.</summary>
static class SnapshotText
{
    static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true);

    public static async Task<string> Read(string path)
    {
        var text = new StringBuilder(await File.ReadAllTextAsync(path));
        Lines.Normalize(text);
        return text.ToString();
    }

    public static async Task Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, text, Encoding);
    }

    /// <summary>Editors like to end a file with a line end: one more at the end of the verified text is no difference.</summary>
    public static bool Matches(string received, string verified) => verified == received || verified == received + "\n";
}
