namespace MlPerfEdu.Snapshots.Tests;

public sealed class MessageTests : IDisposable
{
    readonly SnapshotFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_new_snapshot_is_listed_and_shown() => Assert.Equal(
        $"""
        Directory: {folder.Path}
        New:
          - Received: n.received.txt
            Verified: n.verified.txt

        FileContent:

        New:

        Received: n.received.txt
        first
        second


        """,
        await Failing.Message(Compare("first\nsecond", "n")));

    [Fact]
    public async Task A_difference_shows_both_texts()
    {
        folder.Write("d.verified.txt", "old");
        Assert.Equal(
            $"""
            Directory: {folder.Path}
            NotEqual:
              - Received: d.received.txt
                Verified: d.verified.txt

            FileContent:

            NotEqual:

            Received: d.received.txt
            new
            Verified: d.verified.txt
            old


            """,
            await Failing.Message(Compare("new", "d")));
    }

    [Fact]
    public async Task A_superfluous_snapshot_is_listed_beside_the_equal_one()
    {
        folder.Write("s.verified.txt", "same");
        folder.Write("s.verified.md", "same");
        Assert.Equal(
            $"""
            Directory: {folder.Path}
            Delete:
              - s.verified.md
            Equal:
              - Received: s.received.txt
                Verified: s.verified.txt

            """,
            await Failing.Message(Compare("same", "s")));
    }

    [Fact]
    public async Task The_failure_carries_no_stack_of_its_own()
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(Compare("text", "stack").ToTask);
        Assert.Equal(("VerifyException", ""), (failure.GetType().Name, failure.StackTrace));
    }

    SettingsTask Compare(string text, string name) => Verify(text).UseDirectory(folder.Path).UseFileName(name);
}
