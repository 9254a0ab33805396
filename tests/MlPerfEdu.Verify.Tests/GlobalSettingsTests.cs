using System.Runtime.CompilerServices;

namespace MlPerfEdu.Snapshots.Tests;

public sealed class GlobalSettingsTests : IDisposable
{
    const string Token = "replaced everywhere";
    readonly SnapshotFolder folder = new();

    [ModuleInitializer]
    internal static void Initialize()
    {
        VerifierSettings.AddScrubber(text => text.Replace(Token, "by the module initializer"));
        VerifierSettings.IgnoreMember("IgnoredEverywhere");
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task They_hold_for_every_snapshot()
    {
        Assert.Equal("by the module initializer", await folder.Accepted(Verify(Token)));
        Assert.Equal("{\n  Kept: 1\n}", await folder.Accepted(Verify(new { Kept = 1, IgnoredEverywhere = 2 })));
    }

    [Fact]
    public async Task They_are_refused_after_the_first_snapshot()
    {
        await folder.Accepted(Verify("first"));
        Assert.ThrowsAny<Exception>(() => VerifierSettings.AutoVerify());
        Assert.ThrowsAny<Exception>(() => VerifierSettings.AddScrubber(text => text.Clear()));
        Assert.ThrowsAny<Exception>(() => UseProjectRelativeDirectory("elsewhere"));
        await Failing.Message(Verify("second").UseDirectory(folder.Path).UseFileName("second"));
    }

    [Fact]
    public Task A_snapshot_beside_the_test_is_found() =>
        Verify(new { Written = "by Verify", Read = "by both providers", Values = new[] { 1.5, 2 } });

    [Fact]
    public async Task A_comparison_that_has_started_takes_no_more_settings()
    {
        var comparison = Verify("text").UseDirectory(folder.Path).UseFileName("started").AutoVerify();
        await comparison;
        Assert.ThrowsAny<Exception>(() => { comparison.UseFileName("late"); });
    }
}
