using System.Text;
using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Workloads.Cli.Report;

/// <summary>Puts a text between the two marks of a Markdown file and leaves everything else as it is.</summary>
static class ReadmeTable
{
    public const string Results = "results";
    public const string PyTorch = "pytorch";

    /// <summary>Whether the file changed.</summary>
    public static bool Write(string path, string table, string text)
    {
        var encoding = new UTF8Encoding(false, throwOnInvalidBytes: true);
        var before = encoding.GetString(File.ReadAllBytes(path));
        var after = Replace(before, table, text, path);
        if (after == before)
            return false;
        AtomicFile.Write(path, encoding.GetBytes(after));
        return true;
    }

    /// <exception cref="CliException">The file has no place for the table.</exception>
    public static void Check(string path, string table) => Replace(File.ReadAllText(path), table, "", path);

    public static string Replace(string markdown, string table, string text, string path)
    {
        var (beginMark, endMark) = ($"<!-- {table}:begin -->", $"<!-- {table}:end -->");
        var begin = markdown.IndexOf(beginMark, StringComparison.Ordinal);
        var end = markdown.IndexOf(endMark, StringComparison.Ordinal);
        if (begin < 0 || end < begin || markdown.LastIndexOf(beginMark, StringComparison.Ordinal) != begin || markdown.LastIndexOf(endMark, StringComparison.Ordinal) != end)
            throw CliErrors.MarkersMissing(path, beginMark, endMark);
        var newLine = markdown.Contains("\r\n") ? "\r\n" : "\n";
        return $"{markdown[..(begin + beginMark.Length)]}{newLine}{text.Trim().ReplaceLineEndings(newLine)}{newLine}{markdown[end..]}";
    }
}
