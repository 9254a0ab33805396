using MlPerfEdu.Cli.Output;

namespace MlPerfEdu.Workloads.Tests.Cli;

public class OutputTests
{
    [Theory]
    [InlineData("plain [red]text[/]", "plain [red]text[/]")]
    [InlineData("\u001b[31mred\u001b[0m", "red")]
    [InlineData("\u009b31mred", "red")]
    [InlineData("a\u001b]0;title\u0007b", "ab")]
    [InlineData("a\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\b", "alinkb")]
    [InlineData("one\r\ntwo\tthree\u0000", "one two three")]
    [InlineData("\u202egnp.exe\u2066", "gnp.exe")]
    [InlineData("bell\u0007, back\b, open escape \u001b", "bell, back, open escape ")]
    [InlineData("≥ 0.95 → ü 😀", "≥ 0.95 → ü 😀")]
    public void Text_from_files_is_made_safe(string text, string expected) => Assert.Equal(expected, SafeText.Line(text));

    [Fact]
    public void Markup_and_escapes_in_the_catalog_are_shown_as_text()
    {
        using var clone = new Clone(note: "[red]bold[/] \\e[31mclaim\\e[0m [[x]]");
        foreach (var width in new int?[] { null, 40, 200 })
        {
            var answer = Answer.To(clone, ["show", Clone.First], services => services with { OutWidth = width });
            if (answer.Exit == 4)
            {
                // The catalog may refuse such text, but must not colour the refusal either.
                Assert.DoesNotContain('\u001b', answer.Error);
                continue;
            }

            Assert.Contains("[red]bold[/]", answer.Out);
            Assert.DoesNotContain("\u001b[31m", answer.Out);
        }
    }

    [Theory]
    [InlineData("list")]
    [InlineData("show first-workload")]
    [InlineData("doctor")]
    [InlineData("verify")]
    [InlineData("show nope")]
    public void Nothing_escapes_off_a_terminal_or_with_NO_COLOR(string commandLine)
    {
        using var clone = new Clone();
        clone.Measured(Clone.First, "2026-01-31T12-00-00Z");
        var piped = Answer.To(clone, commandLine);
        var quiet = Answer.To(clone, commandLine.Split(' '), services => services with { OutWidth = 300, ErrorWidth = 300 }, new() { ["NO_COLOR"] = "1" });
        Assert.DoesNotContain('\u001b', piped.Out + piped.Error + quiet.Out + quiet.Error);
        Assert.Equal(piped.Exit, quiet.Exit);
    }

    [Fact]
    public void Show_spells_the_recipe_as_workloads_yaml_does()
    {
        using var clone = new Clone();
        var shown = Answer.To(clone, "show first-workload").Out;
        Assert.Contains("recipe.batches_per_epoch ", shown);
        Assert.DoesNotContain("recipe.Batch", shown);
    }

    [Fact]
    public void A_row_stays_on_one_line_off_a_terminal_and_is_stacked_on_a_narrow_one()
    {
        var grid = new Grid("id", ">size", "path");
        grid.Add("a", "12", new string('x', 300));
        grid.Add("bb", "3", "y");

        var piped = new StringWriter();
        new Screen(piped, null, isPlain: true).Table(grid);
        Assert.Equal($"id  size  path\na     12  {new string('x', 300)}\nbb     3  y\n", piped.ToString());

        var narrow = new StringWriter();
        new Screen(narrow, 80, isPlain: true).Table(grid);
        Assert.Equal(["a", "  size  12", $"  path  {new string('x', 300)}", "bb", "  size  3", "  path  y"],
            narrow.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
