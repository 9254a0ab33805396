namespace MlPerfEdu.Workloads.Tests.Cli;

public class HelpTests
{
    [Theory]
    [InlineData("")]
    [InlineData("list")]
    [InlineData("show")]
    [InlineData("run")]
    [InlineData("rank")]
    [InlineData("lab")]
    [InlineData("grade")]
    [InlineData("verify")]
    [InlineData("diff")]
    [InlineData("plot")]
    [InlineData("peaks")]
    [InlineData("accept")]
    [InlineData("doctor")]
    [InlineData("new")]
    [InlineData("report")]
    [InlineData("compare")]
    [InlineData("compare pytorch")]
    [InlineData("compare torchsharp")]
    [InlineData("data")]
    [InlineData("data list")]
    [InlineData("data fetch")]
    [InlineData("data verify")]
    [InlineData("kernels")]
    [InlineData("kernels list")]
    [InlineData("kernels run")]
    [InlineData("kernels table")]
    [InlineData("mllog")]
    [InlineData("mllog check")]
    [InlineData("mllog rules")]
    [InlineData("rcp")]
    [InlineData("rcp write")]
    [InlineData("rcp check")]
    [InlineData("watch")]
    [InlineData("zoo")]
    [InlineData("zoo models")]
    [InlineData("zoo silicon")]
    [InlineData("zoo predict")]
    [InlineData("zoo fit")]
    [InlineData("zoo sweep")]
    [InlineData("zoo serve")]
    [InlineData("zoo memory")]
    [InlineData("zoo collectives")]
    [InlineData("zoo compare")]
    public void Teaches_by_example_and_lists_the_exit_codes(string command)
    {
        using var clone = new Clone();
        var help = Answer.To(clone, $"{command} --help".TrimStart());
        Assert.Equal(0, help.Exit);
        Assert.Contains("Examples:", help.Out);
        Assert.Contains($"  mlperfedu {command}".TrimEnd() + (command.Length > 0 ? "" : " list"), help.Out[help.Out.IndexOf("Examples:", StringComparison.Ordinal)..]);
        Assert.Contains("130  stopped", help.Out);
        Assert.Empty(help.Error);
    }

    [Fact]
    public void Names_every_command_at_the_root()
    {
        using var clone = new Clone();
        var help = Answer.To(clone, "--help").Out;
        Assert.All(["list", "show", "run", "rank", "lab", "grade", "verify", "diff", "plot", "peaks", "accept", "data", "doctor", "new", "report", "compare", "kernels", "zoo"],
            command => Assert.Contains($"\n  {command} ", help));
    }
}
