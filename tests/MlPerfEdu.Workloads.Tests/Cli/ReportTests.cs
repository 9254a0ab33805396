using MlPerfEdu.Cli;
using MlPerfEdu.Cli.Commands;

namespace MlPerfEdu.Workloads.Tests.Cli;

public class ReportTests
{
    [Fact]
    public void The_readme_gets_the_table_and_keeps_the_rest()
    {
        using var clone = new Clone();
        clone.Measured(Clone.First, "2026-01-31T12-00-00Z");
        Answer.To(clone, $"accept {Clone.First}");
        clone.Measured(Clone.Second, "2026-01-31T12-00-00Z");
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

    [Fact]
    public void The_table_in_this_clones_readme_is_that_of_its_baselines()
    {
        var repository = ThisClone.Repository;
        var readme = File.ReadAllText(repository.Readme);
        var table = new ResultsReport(ThisClone.Catalog, new EvidenceStore(repository, ThisClone.Catalog), committedOnly: true).Markdown();

        Assert.True(ReadmeTable.Replace(readme, ReadmeTable.Results, table, repository.Readme) == readme, $"Expected in README.md (`report --write-readme` puts it there):\n{table}");
    }

    [Theory]
    [InlineData("no marks")]
    [InlineData("<!-- results:end -->\n<!-- results:begin -->")]
    [InlineData("<!-- results:begin -->\n<!-- results:begin -->\n<!-- results:end -->")]
    public void Unclear_marks_change_nothing(string markdown) =>
        Assert.Equal("MLP2030", Assert.Throws<CliException>(() => ReadmeTable.Replace(markdown, ReadmeTable.Results, "table", "README.md")).Code);

    [Fact]
    public void Line_ends_stay_those_of_the_file() =>
        Assert.Equal(
            "a\r\n<!-- results:begin -->\r\n1\r\n2\r\n<!-- results:end -->\r\nb",
            ReadmeTable.Replace("a\r\n<!-- results:begin -->\r\n<!-- results:end -->\r\nb", ReadmeTable.Results, "1\n2\n", "README.md"));
}
