namespace MlPerfEdu.Snapshots.Tests;

/// <summary>What only the stand-in does: refuse what it would write differently, and look for unused snapshots by its own rules.</summary>
public sealed class StandInTests : IDisposable
{
    readonly SnapshotFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_it_would_write_differently_is_refused()
    {
        using var stream = new MemoryStream();
        object[] foreign = [new InvalidOperationException("x"), stream, typeof(string), new Uri("http://localhost"), new byte[] { 1 }, DateTime.Now];
        foreach (var value in foreign)
        {
            var message = await Failing.Message(Compare(Verify(value)));
            Assert.Contains($"does not write {value.GetType()}", message, StringComparison.Ordinal);
            Assert.Contains("-p:VerifyProvider=nuget", message, StringComparison.Ordinal);
        }
        Assert.Empty(folder.Files);
    }

    [Fact]
    public async Task An_extension_that_Verify_takes_for_binary_is_refused() =>
        Assert.Contains("\"bin\"", await Failing.Message(Compare(Verify("text", "bin"))), StringComparison.Ordinal);

    [Fact]
    public async Task Replacing_lines_may_not_remove_all_of_them() =>
        Assert.Contains("Use ScrubLines", await Failing.Message(Compare(Verify("only").ScrubLinesWithReplace(_ => null))), StringComparison.Ordinal);

    [Theory]
    [InlineData("GITHUB_ACTION", "run", true)]
    [InlineData("CI", "true", true)]
    [InlineData("CI", "false", false)]
    [InlineData("TF_BUILD", "True", true)]
    [InlineData("HOME", "true", false)]
    public void A_build_server_is_known_by_its_variables(string name, string value, bool detected) =>
        Assert.Equal(detected, BuildServer.Detect(variable => variable == name ? value : null));

    [Fact]
    public void A_snapshot_that_no_test_used_is_named()
    {
        var root = folder.Path;
        string[] onDisk = [Path.Combine(root, "used.verified.txt"), Path.Combine(root, "sub", "left.verified.txt"), Path.Combine(root, "Case.verified.txt")];
        string[] used = [onDisk[0], Path.Combine(root, "case.verified.txt")];
        UsedSnapshots.Check([onDisk[0]], used, root);
        var message = Assert.Throws<InvalidOperationException>(() => UsedSnapshots.Check(onDisk, used, root)).Message;
        Assert.Contains("no test of this run used 2:", message, StringComparison.Ordinal);
        Assert.EndsWith($" * {Path.Combine("sub", "left.verified.txt")}", message, StringComparison.Ordinal);
        Assert.Contains(" * Case.verified.txt (a test uses it", message, StringComparison.Ordinal);
    }

    SettingsTask Compare(SettingsTask comparison) => comparison.UseDirectory(folder.Path).UseFileName("refused").DisableRequireUniquePrefix();
}
