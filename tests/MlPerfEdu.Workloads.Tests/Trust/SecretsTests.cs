using System.Text.Json;
using System.Text.RegularExpressions;
using MlPerfEdu.Roofline;

namespace MlPerfEdu.Workloads.Tests.Trust;

/// <summary>A sidecar is meant to be shared: nothing in it says who made it, on which host, or in which folder.</summary>
public sealed partial class SecretsTests(ReplayedTraining training) : IClassFixture<ReplayedTraining>
{
    // Shorter names are words, and words of a sidecar's own, too.
    const int ShortestName = 5;

    [Fact]
    public void No_committed_sidecar_has_a_path_or_a_name_of_somebody() =>
        Assert.All(Committed.Paths, path => Assert.Empty(Secrets(File.ReadAllText(path))));

    [Fact]
    public void No_run_of_this_machine_has_its_paths_or_names()
    {
        // Evidence names a processor, and a host may be named for it.
        var text = CanonicalJson.Text(training.Run);
        Assert.Empty(Secrets(text));
        string[] own = [ThisClone.Repository.Root, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), Path.GetTempPath(), Environment.MachineName, Environment.UserName];
        Assert.All(own.Where(name => name.Length >= ShortestName), name => Assert.DoesNotContain(name, text, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("/home/ada/clone/data")]
    [InlineData("error in /usr/lib/libtorch.so: none")]
    [InlineData("C:\\Users\\ada\\data")]
    [InlineData("~/data/mnist")]
    [InlineData("\\\\server\\share")]
    [InlineData("ada@example.org")]
    [InlineData("https://ada:secret@example.org/")]
    public void Such_a_text_would_be_seen(string text) => Assert.NotEmpty(Secrets(JsonSerializer.Serialize(new { reason = new[] { text } })));

    [Theory]
    [InlineData("unique bytes per step / last-level cache: 3 GFLOP/s, 2 B/s")]
    [InlineData("t10k-images-idx3-ubyte.gz")]
    public void An_ordinary_text_is_none(string text) => Assert.Empty(Secrets(JsonSerializer.Serialize(new { reason = text })));

    static IEnumerable<string> Secrets(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. Texts(document.RootElement).Where(text => Secret().IsMatch(text))];
    }

    static IEnumerable<string> Texts(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Texts(member.Value).Prepend(member.Name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Texts),
        JsonValueKind.String => [element.GetString()!],
        _ => [],
    };

    // A path from the root, from home, of a drive or of a server; an address of a person.
    [GeneratedRegex(@"(^|[\s'""(=:])(~?/[\w.-]+|[A-Za-z]:\\|\\\\\w)|\w@\w")]
    private static partial Regex Secret();
}
