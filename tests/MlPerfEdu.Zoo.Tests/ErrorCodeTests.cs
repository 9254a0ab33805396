using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace MlPerfEdu.Zoo.Tests;

public partial class ErrorCodeTests
{
    [Fact]
    public void Every_code_of_a_question_has_one_heading_in_the_readme()
    {
        var folder = Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "workloads", "Zoo");
        // Those of the registries are explained where the build's are.
        var used = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) != "ZooCodes.cs")
            .SelectMany(file => Code().Matches(File.ReadAllText(file)).Select(match => match.Value)).Distinct().Order().ToList();
        var headings = File.ReadLines(Path.Combine(folder, "README.md"))
            .Where(line => line.StartsWith("### MLP", StringComparison.Ordinal)).Select(line => line[4..11]).ToList();
        Assert.Equal(used, headings);
        Assert.All(used, code => Assert.InRange(int.Parse(code[3..]), 2211, 2299));
    }

    static string ThisFile([CallerFilePath] string path = "") => path;

    [GeneratedRegex("MLP[0-9]{4}")]
    private static partial Regex Code();
}
