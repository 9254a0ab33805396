using System.Text;

namespace MlPerfEdu.Snapshots.Tests;

public sealed class FileTests : IDisposable
{
    readonly SnapshotFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_snapshot_has_a_byte_order_mark_line_feeds_and_no_added_end()
    {
        await Compare("a\r\nb\rc", "bytes").AutoVerify();
        Assert.Equal([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes("a\nb\nc")], folder.Bytes("bytes.verified.txt"));
    }

    [Fact]
    public async Task A_missing_snapshot_fails_and_leaves_what_was_received()
    {
        await Failing.Message(Compare("text", "missing"));
        Assert.Equal(["missing.received.txt"], folder.Files);
        Assert.Equal([0xEF, 0xBB, 0xBF, .. "text"u8], folder.Bytes("missing.received.txt"));
    }

    [Fact]
    public async Task A_difference_fails_and_leaves_the_verified_file_alone()
    {
        folder.Write("differs.verified.txt", "old");
        await Failing.Message(Compare("new", "differs"));
        Assert.Equal(["differs.received.txt", "differs.verified.txt"], folder.Files);
        Assert.Equal("old", folder.Read("differs.verified.txt"));
        Assert.Equal("new", folder.Read("differs.received.txt"));
    }

    [Fact]
    public async Task A_match_removes_what_an_earlier_run_received()
    {
        folder.Write("same.verified.txt", "text");
        folder.Write("same.received.txt", "stale");
        folder.Write("same_longer.received.txt", "of another test");
        await Compare("text", "same");
        Assert.Equal(["same.verified.txt", "same_longer.received.txt"], folder.Files);
    }

    [Theory]
    [InlineData("text\n", true)]
    [InlineData("text\r\n", true)]
    [InlineData("\uFEFFtext", true)]
    [InlineData("text\n\n", false)]
    [InlineData(" text", false)]
    public async Task One_line_end_more_in_the_verified_file_is_no_difference(string verified, bool matches)
    {
        folder.Write("ends.verified.txt", verified);
        var failure = await Record.ExceptionAsync(Compare("text", "ends").ToTask);
        Assert.Equal(matches, failure is null);
        Assert.Equal(verified.TrimStart('\uFEFF'), folder.Read("ends.verified.txt"));
    }

    [Fact]
    public async Task A_line_end_less_in_the_verified_file_is_a_difference()
    {
        folder.Write("ends.verified.txt", "text");
        await Failing.Message(Compare("text\n", "ends"));
    }

    [Fact]
    public async Task An_empty_verified_file_counts_as_missing()
    {
        folder.Write("empty.verified.txt", "");
        Assert.Contains("New:", await Failing.Message(Compare("text", "empty")), StringComparison.Ordinal);
        Assert.Equal(["empty.received.txt"], folder.Files);
    }

    [Fact]
    public async Task A_snapshot_that_the_test_no_longer_makes_fails()
    {
        folder.Write("part.verified.txt", "text");
        folder.Write("part.verified.md", "text");
        folder.Write("party.verified.md", "of another test");
        Assert.Contains("Delete:\n  - part.verified.md\n", await Failing.Message(Compare("text", "part")), StringComparison.Ordinal);
        await Compare("text", "part").DisableRequireUniquePrefix().AutoVerify();
        Assert.Equal(["part.verified.txt", "party.verified.md"], folder.Files);
    }

    [Fact]
    public async Task Accepting_can_be_a_decision_and_can_still_fail_the_test()
    {
        await Failing.Message(Compare("text", "refused").AutoVerify(file => file.EndsWith(".md", StringComparison.Ordinal)));
        await Failing.Message(Compare("text", "told").AutoVerify(throwException: true));
        Assert.Equal(["refused.received.txt", "told.verified.txt"], folder.Files);
    }

    [Fact]
    public async Task The_result_names_the_files_and_the_value()
    {
        var result = await Compare("text", "result").AutoVerify();
        Assert.Equal("text", result.Text);
        Assert.Equal("text", result.Target);
        Assert.Equal("result.verified.txt", Path.GetFileName(Assert.Single(result.Files)));
    }

    [Fact]
    public async Task Many_at_once_do_not_disturb_each_other()
    {
        var names = Enumerable.Range(0, 64).Select(i => $"many{i}").ToArray();
        await Task.WhenAll(names.Select(name => Task.Run(() => Compare($"{name} {Guid.Empty}", name).ScrubInlineGuids().AutoVerify().ToTask())));
        Assert.All(names, name => Assert.Equal($"{name} Guid_Empty", folder.Read($"{name}.verified.txt")));
    }

    SettingsTask Compare(string text, string name) => Verify(text).UseDirectory(folder.Path).UseFileName(name);
}
