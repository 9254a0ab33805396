using MlPerfEdu.Generator.Tests;

namespace MlPerfEdu.Build.Tests;

/// <summary>A clone with the stand-in for Verify and one small test project, which sees the feeds that the test names.</summary>
sealed class VerifyClone : IDisposable
{
    readonly TemporaryClone clone = new();

    public VerifyClone()
    {
        clone.CopySources("build/Verify", "*");
        clone.CopySources("tests/UnusedSnapshots");
        clone.CopyFile("tests/Directory.Build.props");
        clone.CopyFile("tests/Directory.Build.targets");
        clone.Write("Directory.Build.targets", """<Project><Import Project="build/Verify/Verify.targets" /></Project>""");
        clone.Write("tests/Small/Small.csproj",
            """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><UsesVerify>true</UsesVerify></PropertyGroup></Project>""");
        clone.Write("tests/Small/SmallTests.cs",
            """
            public class SmallTests
            {
                [Fact]
                public Task Compares() => Verify("text");

                [Fact]
                public void Computes() => Assert.Equal(2, 1 + 1);
            }
            """);
        clone.Write("tests/Small/SmallTests.Compares.verified.txt", "text");
        // The packages of these tests must not come to where other builds find them.
        clone.Environment["NUGET_PACKAGES"] = clone.PathOf("packages");
        // A feed that refuses today will refuse in a second too.
        clone.Environment["NUGET_ENHANCED_NETWORK_RETRY_DELAY_MILLISECONDS"] = "1";
    }

    public string Folder(string name) => clone.PathOf(name);

    public void Write(string relative, string text) => clone.Write(relative, text);

    /// <summary>Whether the commands so far built the stand-in, and whether they took the whole package from a feed.</summary>
    public (bool StandIn, bool Package) Used =>
        (Directory.Exists(clone.PathOf("artifacts/bin/MlPerfEdu.Verify")), Directory.Exists(clone.PathOf("packages/verify")));

    /// <summary>What the user's own configuration says is set aside; all but Verify comes from this machine's packages.</summary>
    public void UseFeeds(params string[] sources) => clone.Write("nuget.config",
        $"""
        <configuration>
          <packageSources>
            <clear />
            {string.Concat(sources.Select((source, i) => $"""<add key="feed{i}" value="{source}" allowInsecureConnections="true" />"""))}
          </packageSources>
          <packageSourceMapping><clear /></packageSourceMapping>
          <disabledPackageSources><clear /></disabledPackageSources>
          <fallbackPackageFolders><clear /><add key="machine" value="{Machine.Packages}" /></fallbackPackageFolders>
        </configuration>
        """);

    public Transcript Build(params string[] arguments) => clone.Run(["build", "tests/Small", "-m:1", .. arguments]);

    public Transcript Test(params string[] arguments) => clone.Run(["test", "tests/Small", "--no-build", .. arguments]);

    public void Dispose() => clone.Dispose();
}

static class Machine
{
    /// <summary>The folder that this project's own packages were restored to.</summary>
    public static string Packages { get; } = typeof(Machine).Assembly.GetCustomAttributes(typeof(System.Reflection.AssemblyMetadataAttribute), false)
        .Cast<System.Reflection.AssemblyMetadataAttribute>().Single(fact => fact.Key == "NuGetPackageRoot").Value!;
}
