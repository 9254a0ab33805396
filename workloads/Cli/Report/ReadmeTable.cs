using System.Text;
using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Workloads.Cli.Report;

/// <summary>Puts a text between the two marks of a Markdown file and leaves everything else as it is.</summary>
static class ReadmeTable
{
    const string Begin = "<!-- results:begin -->";
    const string End = "<!-- results:end -->";

    /// <summary>Whether the file changed.</summary>
    public static bool Write(string path, string text)
    {
        var encoding = new UTF8Encoding(false, throwOnInvalidBytes: true);
        var before = encoding.GetString(File.ReadAllBytes(path));
        var after = Replace(before, text, path);
        if (after == before)
            return false;
        AtomicFile.Write(path, encoding.GetBytes(after));
        return true;
    }

    public static string Replace(string markdown, string text, string path)
    {
        var begin = markdown.IndexOf(Begin, StringComparison.Ordinal);
        var end = markdown.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin || markdown.LastIndexOf(Begin, StringComparison.Ordinal) != begin || markdown.LastIndexOf(End, StringComparison.Ordinal) != end)
            throw CliErrors.MarkersMissing(path, Begin, End);
        var newLine = markdown.Contains("\r\n") ? "\r\n" : "\n";
        return $"{markdown[..(begin + Begin.Length)]}{newLine}{text.Trim().ReplaceLineEndings(newLine)}{newLine}{markdown[end..]}";
    }
}
