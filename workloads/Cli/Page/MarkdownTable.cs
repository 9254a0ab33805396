namespace MlPerfEdu.Cli.Page;

/// <summary>The table between two marks of a Markdown file, where a command put it.</summary>
static class MarkdownTable
{
    /// <param name="key">Of the marks.</param>
    /// <returns>Absent when the file has no such table.</returns>
    public static PageTable? Read(string path, string key, string source)
    {
        if (!File.Exists(path))
            return null;
        string[] lines = [.. File.ReadLines(path)
            .SkipWhile(line => line.Trim() != $"<!-- {key}:begin -->").Skip(1)
            .TakeWhile(line => line.Trim() != $"<!-- {key}:end -->")];
        string[][] rows = [.. lines.Where(line => line.StartsWith('|')).Select(Cells)];
        if (rows.Length < 3)
            return null;
        var caption = lines.FirstOrDefault(line => line.Trim().Length > 0 && !line.StartsWith('|')) ?? "";
        return new(key, source, caption, rows[0], [.. rows[1].Select(rule => rule.EndsWith(':'))], [.. rows.Skip(2)]);
    }

    static string[] Cells(string line) => [.. line.Trim().Trim('|').Split('|').Select(cell => cell.Trim())];
}
