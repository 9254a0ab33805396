using System.Runtime.CompilerServices;

namespace MlPerfEdu.Snapshots.Tests;

public sealed class ScrubbingTests : IDisposable
{
    readonly SnapshotFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("a\nTIME 3 s\nb", "a\nb")]
    [InlineData("a\ntime 3 s\n", "a\n")]
    [InlineData("time", "")]
    public async Task Lines_that_contain_a_text_go(string text, string kept) =>
        Assert.Equal(kept, await folder.Accepted(Verify(text).ScrubLinesContaining("time")));

    [Fact]
    public async Task Lines_can_be_chosen_replaced_or_dropped_when_empty()
    {
        Assert.Equal("a", await folder.Accepted(Verify("a\nb").ScrubLines(line => line == "b")));
        Assert.Equal("A\nC\n", await folder.Accepted(Verify("a\nb\nc\n").ScrubLinesWithReplace(line => line == "b" ? null : line.ToUpperInvariant())));
        Assert.Equal("a\nb", await folder.Accepted(Verify("\na\n  \nb\n").ScrubEmptyLines()));
        Assert.Equal("time", await folder.Accepted(Verify("time\nTIME").ScrubLinesContaining(StringComparison.Ordinal, "TIME")));
    }

    [Fact]
    public async Task Inline_guids_are_counted_where_they_stand_alone()
    {
        const string one = "173535ae-995b-4cc6-a74e-8cd4be57039c", two = "00000000-0000-0000-0000-000000000002";
        Assert.Equal(
            $"Guid_1 {{Guid_2}} Guid_1 x{one}",
            await folder.Accepted(Verify($"{one} {{{two}}} {one.ToUpperInvariant()} x{one}").ScrubInlineGuids()));
    }

    [Fact]
    public async Task The_scrubber_added_last_runs_first_unless_told_otherwise() => Assert.Equal(
        "text213",
        await folder.Accepted(Verify("text")
            .AddScrubber(text => text.Append('1')).AddScrubber(text => text.Append('2')).AddScrubber(text => text.Append('3'), ScrubberLocation.Last)));

    [Fact]
    public async Task Folders_of_this_machine_have_names()
    {
        var project = ProjectFolder();
        var repository = Path.GetDirectoryName(Path.GetDirectoryName(project));
        Assert.Equal("{ProjectDirectory}a.cs", await folder.Accepted(Verify($"{project}/a.cs")));
        Assert.Equal("{SolutionDirectory}a.cs", await folder.Accepted(Verify($"{repository}/a.cs")));
        Assert.Equal("{TempPath}a", await folder.Accepted(Verify($"{Path.GetTempPath()}a")));
        Assert.Equal("in {CurrentDirectory} too", await folder.Accepted(Verify($"in {AppContext.BaseDirectory} too")));
        Assert.Equal("{\n  Path: {ProjectDirectory}a.cs\n}", await folder.Accepted(Verify(new { Path = $"{project}/a.cs" })));
    }

    [Fact]
    public async Task Scrubbers_see_each_text_of_an_object() => Assert.Equal(
        "{\n  One: ,\n  Many:\na\nb\n}",
        await folder.Accepted(Verify(new { One = "time 3 s", Many = "a\ntime\nb" }).ScrubLinesContaining("time")));

    static string ProjectFolder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
