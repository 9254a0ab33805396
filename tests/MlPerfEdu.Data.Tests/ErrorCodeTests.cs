using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace MlPerfEdu.Data.Tests;

public partial class ErrorCodeTests
{
    [Fact]
    public void Every_code_has_one_heading_in_the_readme()
    {
        var folder = Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "workloads", "Data");
        var used = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .SelectMany(f => Code().Matches(File.ReadAllText(f)).Select(m => m.Value)).Distinct().Order().ToList();
        var headings = File.ReadLines(Path.Combine(folder, "README.md"))
            .Where(l => l.StartsWith("### MLP", StringComparison.Ordinal)).Select(l => l[4..11]).ToList();
        Assert.Equal(used, headings);
        Assert.All(used, c => Assert.InRange(int.Parse(c[3..]), 1001, 1099));
    }

    static string ThisFile([CallerFilePath] string path = "") => path;

    [GeneratedRegex("MLP[0-9]{4}")]
    private static partial Regex Code();
}
