using System.IO.Compression;
using System.Text;

namespace MlPerfEdu.Data.Tests;

/// <summary>A .zip of text files, as old data sets come.</summary>
static class ZipBytes
{
    public static byte[] Of(params IEnumerable<(string Name, string Text)> files)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in files)
            {
                using var stream = zip.CreateEntry(name).Open();
                stream.Write(Encoding.Latin1.GetBytes(text));
            }
        }
        return bytes.ToArray();
    }
}
