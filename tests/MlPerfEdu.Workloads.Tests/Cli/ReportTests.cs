using MlPerfEdu.Cli;
using MlPerfEdu.Cli.Commands;

namespace MlPerfEdu.Workloads.Tests.Cli;

public class ReportTests
{
    [Fact]
    public void The_readme_gets_five_columns_and_results_get_all_and_both_keep_the_rest()
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
        var results = File.ReadAllText(clone.Repository.Results);
        Assert.StartsWith("# Results\n\n<!-- results:begin -->\nMeasured on ", results);
        Assert.Contains("of baseline", results);
        Assert.StartsWith("<svg", File.ReadAllText(clone.Repository.RooflinePlot));
        Assert.Equal("README.md and RESULTS.md: this table was there already.\n", Answer.To(clone, "report --write-readme").Out);
    }

    [Theory]
    [InlineData("report")]
    [InlineData("report --markdown")]
    [InlineData("report --html")]
    [InlineData("show first-workload")]
    [InlineData("plot")]
    public void A_damaged_sidecar_is_left_out_and_named(string commandLine)
    {
        using var clone = new Clone();
        clone.Measured(Clone.First, "2026-01-30T12-00-00Z");
        var newest = clone.Measured(Clone.First, "2026-01-31T12-00-00Z");
        File.WriteAllText(newest, File.ReadAllText(newest).Replace("2026-01-31", "2026-01-29"));
        var page = Path.Combine(clone.Repository.Root, "page.html");
        var answer = Answer.To(clone, commandLine.Split(' ') is var words && words.Contains("--html") ? [.. words, page] : words);
        Assert.Equal(0, answer.Exit);
        var file = clone.Repository.Relative(newest);
        Assert.Contains($"remark: {file} cannot be trusted and is left out; `mlperfedu verify {file}` says why.", answer.Error);
        Assert.DoesNotContain("01-31", answer.Out);
    }

    [Fact]
    public void The_tables_of_this_clone_are_those_of_its_baselines()
    {
        var repository = ThisClone.Repository;
        var report = new ResultsReport(ThisClone.Catalog, new EvidenceStore(repository, ThisClone.Catalog), committedOnly: true);
        foreach (var (path, table) in new[] { (repository.Readme, report.Short()), (repository.Results, report.Markdown()) })
        {
            var text = File.ReadAllText(path);
            Assert.True(ReadmeTable.Replace(text, ReadmeTable.Results, table, path) == text, $"Expected in {path} (`report --write-readme` puts it there):\n{table}");
        }
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
