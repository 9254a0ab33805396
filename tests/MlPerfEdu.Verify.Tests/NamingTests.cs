namespace MlPerfEdu.Snapshots.Tests;

public sealed class NamingTests : IDisposable
{
    readonly SnapshotFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_snapshot_is_called_after_class_and_method()
    {
        await Accept(Verify("text"));
        Assert.Equal(["NamingTests.A_snapshot_is_called_after_class_and_method.verified.txt"], folder.Files);
    }

    public sealed class Nested : IDisposable
    {
        readonly SnapshotFolder folder = new();

        public void Dispose() => folder.Dispose();

        [Fact]
        public async Task A_nested_class_is_called_after_both()
        {
            await Verify("text").UseDirectory(folder.Path).AutoVerify();
            Assert.Equal(["NamingTests.Nested.A_nested_class_is_called_after_both.verified.txt"], folder.Files);
        }
    }

    [Theory]
    [InlineData("tiny", 2, 0.5, true)]
    public async Task Parameters_follow_as_name_and_value(string suite, int count, double rate, bool warm)
    {
        await Accept(Verify("all").UseMethodName("All").UseParameters(suite, count, rate, warm));
        await Accept(Verify("one").UseMethodName("One").UseParameters(suite));
        await Accept(Verify("path").UseMethodName("Path").UseParameters("a/b:c"));
        await Accept(Verify("list").UseMethodName("List").UseParameters(new[] { 1, 2 }));
        await Accept(Verify("nested").UseMethodName("Nested").UseParameters(null, new object[] { "a", new[] { 1 } }));
        await Accept(Verify("own").UseMethodName("Own").UseTextForParameters("own"));
        Assert.Equal(
            [
                "NamingTests.All_suite=tiny_count=2_rate=0.5_warm=True.verified.txt",
                "NamingTests.List_suite=1,2.verified.txt",
                "NamingTests.Nested_suite=null_count=a,[1].verified.txt",
                "NamingTests.One_suite=tiny.verified.txt",
                "NamingTests.Own_own.verified.txt",
                "NamingTests.Path_suite=a-b-c.verified.txt",
            ],
            folder.Files);
    }

    [Fact]
    public async Task Names_and_extension_can_be_chosen()
    {
        await Accept(Verify("text").UseTypeName("Type").UseMethodName("Method"));
        await Accept(Verify("text").UseFileName("file"));
        await Accept(Verify("{}", "json").UseFileName("raw"));
        Assert.Equal(["Type.Method.verified.txt", "file.verified.txt", "raw.verified.json"], folder.Files);
    }

    [Fact]
    public async Task Settings_can_be_shared_and_are_not_changed_by_the_chain()
    {
        var settings = new VerifySettings();
        settings.UseDirectory(folder.Path);
        settings.AutoVerify();
        await Verify("one", settings).UseFileName("one").AddScrubber(text => text.Append('!'));
        await Verify("two", settings);
        Assert.Equal(
            ["NamingTests.Settings_can_be_shared_and_are_not_changed_by_the_chain.verified.txt", "one.verified.txt"],
            folder.Files);
        Assert.Equal("two", folder.Read(folder.Files[0]));
        Assert.Equal("one!", folder.Read(folder.Files[1]));
    }

    [Fact]
    public void A_file_name_excludes_other_names()
    {
        Assert.ThrowsAny<Exception>(() => { Verify("text").UseFileName("file").UseMethodName("method"); });
        Assert.ThrowsAny<Exception>(() => { Verify("text").UseTypeName("type").UseFileName("file"); });
        Assert.ThrowsAny<Exception>(() => { Verify("text").UseFileName("file").UseParameters(1); });
        Assert.ThrowsAny<Exception>(() => { Verify("text").UseFileName("folder/file"); });
    }

    [Fact]
    public async Task Two_snapshots_of_one_name_are_refused()
    {
        await Accept(Verify("one").UseFileName("same"));
        Assert.Contains("prefix has already been used", await Failing.Message(Verify("two").UseDirectory(folder.Path).UseFileName("same")), StringComparison.Ordinal);
        Assert.Equal("one", folder.Read("same.verified.txt"));
        await Accept(Verify("three").UseFileName("same").DisableRequireUniquePrefix());
        Assert.Equal("three", folder.Read("same.verified.txt"));
    }

    async Task Accept(SettingsTask comparison) => await comparison.UseDirectory(folder.Path).AutoVerify();
}
