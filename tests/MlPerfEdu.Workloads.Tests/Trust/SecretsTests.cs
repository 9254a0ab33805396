using System.Text.Json;
using System.Text.RegularExpressions;
using MlPerfEdu.Roofline;
using MlPerfEdu.Workloads.Tests.Cli;
using MlPerfEdu.Workloads.Tests.Mllog;

namespace MlPerfEdu.Workloads.Tests.Trust;

/// <summary>Sidecars, pages and logs are meant to be shared: nothing in them says who made them, on which host, or in which folder.</summary>
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
        AssertNotOwn(text);
    }

    [Fact]
    public void No_page_has_a_path_or_a_name_of_somebody()
    {
        using var clone = new Clone();
        var path = Path.Combine(clone.Repository.Root, "page.html");
        Assert.Equal(0, Answer.To(clone, ["report", "--html", path], services => services with { FindRepository = () => ThisClone.Repository }).Exit);
        var page = File.ReadAllText(path);
        var data = PageData().Match(page).Groups["json"].Value;
        Assert.Empty(Secrets(data));
        // Letters of packed sidecars spell anything.
        AssertNotOwn(Packed().Replace(page, ""));
    }

    [Fact]
    public void No_log_has_a_path_or_a_name_of_somebody()
    {
        using var logs = new SampleLogs();
        var files = Directory.GetFiles(logs.Package().Folder, "*", SearchOption.AllDirectories);
        Assert.Contains(files, file => file.EndsWith("result_4.txt", StringComparison.Ordinal));
        foreach (var file in files)
        {
            var text = File.ReadAllText(file);
            AssertNotOwn(text);
            if (file.EndsWith(".json", StringComparison.Ordinal))
                Assert.Empty(Secrets(text));
            Assert.All(LogLine().Matches(text), line => Assert.Empty(Secrets(line.Groups["json"].Value)));
        }
    }

    static void AssertNotOwn(string text)
    {
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

    [GeneratedRegex("""<script type="application/json" id="data">(?<json>.*?)</script>""", RegexOptions.Singleline)]
    private static partial Regex PageData();

    [GeneratedRegex("\"packed\":\"[^\"]*\"")]
    private static partial Regex Packed();

    [GeneratedRegex(":::MLLOG (?<json>.*)")]
    private static partial Regex LogLine();

    // A path from the root, from home, of a drive or of a server; an address of a person.
    [GeneratedRegex(@"(^|[\s'""(=:])(~?/[\w.-]+|[A-Za-z]:\\|\\\\\w)|\w@\w")]
    private static partial Regex Secret();
}
