using MlPerfEdu.Cli.Commands;

namespace MlPerfEdu.Workloads.Tests.Cli;

public class UsageTests
{
    [Theory]
    [InlineData("rnu", "MLP2001", "'rnu'")]
    [InlineData("lst", "MLP2001", "did you mean 'list'?")]
    [InlineData("run frist-workload", "MLP2002", "did you mean 'first-workload'?")]
    [InlineData("run f\u0456rst-workload", "MLP2002", "U+0456, which only looks like 'i': type 'first-workload' again")]
    [InlineData("run --suite smal", "MLP2003", "did you mean 'small'?")]
    [InlineData("data", "MLP2001", "list, fetch, verify")]
    [InlineData("list --bogus", "MLP2001", "--bogus")]
    [InlineData("run --bogus", "MLP2001", "--bogus")]
    [InlineData("verify --bogus", "MLP2001", "--bogus")]
    [InlineData("lab --bogus", "MLP2001", "--bogus")]
    [InlineData("grade", "MLP2001", "--evidence")]
    [InlineData("grade --evidence nope --format word", "MLP2001", "'word'")]
    [InlineData("grade --evidence nope", "MLP2089", "'nope'")]
    [InlineData("show --bogus", "MLP2001", "--bogus")]
    [InlineData("show", "MLP2001", "show")]
    [InlineData("data fetch", "MLP2001", "fetch")]
    [InlineData("run --seed x", "MLP2001", "'x'")]
    [InlineData("run --seed -1 first-workload", "MLP2001", "--seed")]
    [InlineData("zoo predict resnet50 a100 --within x", "MLP2001", "--within 'x' is not a number")]
    [InlineData("zoo predict resnet50 a100 --within 0", "MLP2001", "--within '0' is not a number of milliseconds above 0")]
    [InlineData("zoo predict resnet50 a100 --within -3", "MLP2001", "'-3'")]
    [InlineData("zoo predict resnet50 a100 --within NaN", "MLP2001", "'NaN'")]
    [InlineData("zoo predict resnet50 a100 --within 1e400", "MLP2001", "'1e400'")]
    [InlineData("zoo predict resnet50 a100 --batch x", "MLP2001", "--batch 'x' is not a whole number")]
    [InlineData("zoo predict resnet50 a100 --efficiency 3", "MLP2001", "'--efficiency'")]
    [InlineData("zoo serve llama3-8b h100 --acceptance x", "MLP2001", "--acceptance 'x' is not a number")]
    [InlineData("run --seeds 5..1 first-workload", "MLP2001", "5..1")]
    [InlineData("run --seed 1 --seeds 1..2 first-workload", "MLP2001", "exclude")]
    [InlineData("run", "MLP2004", "--suite")]
    [InlineData("run nope", "MLP2002", "first-workload, second-workload")]
    [InlineData("run @args.txt", "MLP2002", "'@args.txt'")]
    [InlineData("run --suite nope", "MLP2003", "small")]
    [InlineData("run first-workload --dataset nope", "MLP2005", "synthetic-strokes")]
    [InlineData("data fetch nope", "MLP2006", "mnist")]
    [InlineData("verify nope.json", "MLP2008", "nope.json")]
    public void Says_what_was_wrong_and_what_would_be_right(string commandLine, string code, string mentions)
    {
        using var clone = new Clone();
        var answer = Answer.To(clone, commandLine);
        Assert.Equal(2, answer.Exit);
        Assert.StartsWith($"error {code}: ", answer.Error);
        Assert.Contains(mentions, answer.Error);
        Assert.Contains("→ expected", answer.Error);
        Assert.DoesNotContain("System.", answer.Error);
        Assert.Empty(answer.Out);
    }

    [Theory]
    [InlineData("help run", "run --help")]
    [InlineData("help", "--help")]
    [InlineData("help data fetch", "data fetch --help")]
    public void Help_may_stand_before_the_command(string asked, string same)
    {
        using var clone = new Clone();
        Assert.Equal(Answer.To(clone, same).Out, Answer.To(clone, asked).Out);
        Assert.Contains("Usage:", Answer.To(clone, asked).Out);
    }

    [Theory]
    [InlineData("--version")]
    [InlineData("version")]
    public void Says_its_version(string asked)
    {
        using var clone = new Clone();
        var answer = Answer.To(clone, asked);
        Assert.Equal(0, answer.Exit);
        Assert.Matches(@"^mlperfedu \d+\.\d+\.\d+\S*, \.NET \d+\.\d+", answer.Out);
    }

    [Theory]
    [InlineData("3", new[] { 3 })]
    [InlineData("1..3", new[] { 1, 2, 3 })]
    [InlineData("1,7,4..5", new[] { 1, 7, 4, 5 })]
    [InlineData("0..2147483646", null)]
    [InlineData("1,1", null)]
    [InlineData("-1", null)]
    [InlineData("1...3", null)]
    [InlineData("", null)]
    public void Seed_lists_are_read_or_refused(string text, int[]? expected) => Assert.Equal(expected, RunCommand.ParseSeeds(text));
}
