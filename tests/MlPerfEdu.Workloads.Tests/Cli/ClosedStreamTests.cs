namespace MlPerfEdu.Workloads.Tests.Cli;

public class ClosedStreamTests
{
    // A failing `list` would say so; `nope` is no command and exits with 2.
    [UnixTheory]
    [InlineData("mlperfedu list >&-", 0)]
    [InlineData("mlperfedu list --json >&-", 0)]
    [InlineData("mlperfedu --help >&-", 0)]
    [InlineData("mlperfedu list 2>&-", 0)]
    [InlineData("mlperfedu list >&- 2>&-", 0)]
    [InlineData("mlperfedu nope 2>&-", 2)]
    [InlineData("mlperfedu nope --json >&- 2>&-", 2)]
    [InlineData("{ mlperfedu list; echo $? >&2; } | head -1", 0, "0")]
    [InlineData("{ mlperfedu nope --json 2>&1; echo $? >&2; } | true", 0, "2")]
    public void What_nobody_reads_changes_no_exit_code(string command, int exit, string error = "")
    {
        using var program = RealProgram.StartInShell(command);
        var answer = program.Finish();
        Assert.Equal(exit, answer.Exit);
        if (exit == 0)
            Assert.Equal(error, answer.Error.Trim());
    }

    [UnixTheory]
    [InlineData("mlperfedu list >/dev/full", 4)]
    [InlineData("mlperfedu nope 2>/dev/full", 2)]
    [InlineData("mlperfedu nope --json >/dev/full", 2)]
    public void A_full_output_is_told_and_a_full_error_stream_is_not(string command, int exit)
    {
        // Only Linux has a file that is always full.
        if (!File.Exists("/dev/full"))
            return;
        using var program = RealProgram.StartInShell(command);
        var answer = program.Finish();
        Assert.Equal(exit, answer.Exit);
        Assert.DoesNotContain("Unhandled", answer.Error);
        if (exit == 4)
            Assert.StartsWith("error MLP2014: ", answer.Error);
    }
}
