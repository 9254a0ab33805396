using System.IO.Compression;

namespace MlPerfEdu.Build.Tests;

/// <summary>A folder of packages that are called like Verify's; what is in them is the stand-in.</summary>
static class Feed
{
    public const string Version = "31.12.5";

    public static void AddVerify(string folder) => Pack(folder, "Verify", "", [("lib/net10.0/_._", [])]);

    /// <summary>The half that sparse feeds have without the other.</summary>
    public static void AddVerifyXunit(string folder) => Pack(
        folder,
        "Verify.Xunit",
        $"""<dependency id="Verify" version="{Version}" /><dependency id="xunit.extensibility.execution" version="2.9.3" />""",
        [
            ("lib/net10.0/Verify.Xunit.dll", File.ReadAllBytes(typeof(VerifyXunit.Verifier).Assembly.Location)),
            // The same usings and attributes, from the place where the package has them.
            ("build/Verify.Xunit.props", File.ReadAllBytes(Generator.Tests.Repository.PathOf("build/Verify/Verify.Xunit.targets"))),
        ]);

    static void Pack(string folder, string id, string dependencies, IEnumerable<(string Path, byte[] Content)> files)
    {
        Directory.CreateDirectory(folder);
        using var archive = ZipFile.Open(Path.Combine(folder, $"{id}.{Version}.nupkg"), ZipArchiveMode.Create);
        var nuspec =
            $"""
            <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
              <metadata>
                <id>{id}</id>
                <version>{Version}</version>
                <authors>A test</authors>
                <description>Stands for the package of this name.</description>
                <dependencies><group targetFramework="net10.0">{dependencies}</group></dependencies>
              </metadata>
            </package>
            """;
        foreach (var (path, content) in files.Prepend(($"{id}.nuspec", System.Text.Encoding.UTF8.GetBytes(nuspec))))
        {
            using var entry = archive.CreateEntry(path).Open();
            entry.Write(content);
        }
    }
}
