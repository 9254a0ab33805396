using MlPerfEdu.Cli.Commands;

namespace MlPerfEdu.Workloads.Tests;

/// <summary>`new` marks what a person must decide; a workload is finished when no mark is left.</summary>
public class FillInTests
{
    const string Nothing = "nothing";

    [Theory]
    [MemberData(nameof(Left))]
    public void Nothing_is_left_to_fill_in(string left) => Assert.True(left == Nothing, left);

    public static TheoryData<string> Left()
    {
        var root = ThisClone.Repository.Root;
        string[] found =
        [
            .. Directory.EnumerateFiles(Path.Combine(root, "workloads"), "*", SearchOption.AllDirectories)
                .Concat(Directory.EnumerateFiles(Path.Combine(root, "tests", "MlPerfEdu.Workloads.Tests"), "*.cs", SearchOption.AllDirectories))
                .Where(file => Path.GetExtension(file) is ".cs" or ".py" or ".md" or ".yaml" && Path.GetFileName(file) is not "NewCommand.cs")
                .Order(StringComparer.Ordinal)
                .SelectMany(file => File.ReadLines(file).Select((line, i) => (Line: line, Number: i + 1))
                    .Where(of => of.Line.Contains(NewWorkload.Mark, StringComparison.Ordinal))
                    .Select(of => $"{ThisClone.Repository.Relative(file)}({of.Number}): {of.Line[of.Line.IndexOf(NewWorkload.Mark, StringComparison.Ordinal)..].TrimEnd('"')}")),
        ];
        return [.. found.DefaultIfEmpty(Nothing)];
    }
}
