using MlPerfEdu.Workloads.Cli;
using MlPerfEdu.Workloads.Cli.Report;

namespace MlPerfEdu.Workloads.Tests.Cli;

public class ReportTests
{
    [Fact]
    public void The_readme_gets_the_table_and_keeps_the_rest()
    {
        using var clone = new Clone();
        clone.Measured(Clone.First, "2026-01-31T12-00-00Z");
        var answer = Answer.To(clone, "report --write-readme");
        Assert.Equal(0, answer.Exit);
        Assert.Contains("no evidence of second-workload", answer.Error);
        var readme = File.ReadAllText(clone.Repository.Readme);
        Assert.StartsWith("# Title\n\n<!-- results:begin -->\n", readme);
        Assert.EndsWith("\n<!-- results:end -->\n\nThe end.\n", readme);
        Assert.Contains("| first-workload", readme);
        Assert.DoesNotContain("old", readme);
        Assert.Equal("README.md has this table already.\n", Answer.To(clone, "report --write-readme").Out);
    }

    [Theory]
    [InlineData("no marks")]
    [InlineData("<!-- results:end -->\n<!-- results:begin -->")]
    [InlineData("<!-- results:begin -->\n<!-- results:begin -->\n<!-- results:end -->")]
    public void Unclear_marks_change_nothing(string markdown) =>
        Assert.Equal("MLP2030", Assert.Throws<CliException>(() => ReadmeTable.Replace(markdown, "table", "README.md")).Code);

    [Fact]
    public void Line_ends_stay_those_of_the_file() =>
        Assert.Equal(
            "a\r\n<!-- results:begin -->\r\n1\r\n2\r\n<!-- results:end -->\r\nb",
            ReadmeTable.Replace("a\r\n<!-- results:begin -->\r\n<!-- results:end -->\r\nb", "1\n2\n", "README.md"));
}
