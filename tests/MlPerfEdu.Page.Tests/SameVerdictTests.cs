using System.Text;

namespace MlPerfEdu.Page.Tests;

/// <summary>The rules are written twice, in C# and in JavaScript: here they have to say the same.</summary>
[Collection(BrowserCollection.Name)]
public sealed class SameVerdictTests(Browser browser, ITestOutputHelper output) : IDisposable
{
    const int Together = 500;

    readonly string folder = Directory.CreateTempSubdirectory("mlperfedu-verdicts-").FullName;

    [ChromiumFact]
    public Task Both_languages_find_the_same_in_a_thousand_sidecars() => FindTheSame(1000);

    [ChromiumFact]
    [Trait("Tier", "long")]
    public Task Both_languages_find_the_same_in_ten_thousand_sidecars() => FindTheSame(10_000);

    async Task FindTheSame(int count)
    {
        await using var open = await browser.Open(browser.PageOfThisClone);
        var codes = new Dictionary<string, int>();
        for (var first = 0; first < count; first += Together)
        {
            var sidecars = Enumerable.Range(first, Together).Select(seed => Write(RandomEvidence.Of(seed))).ToArray();
            var inBrowser = await open.Page.EvaluateAsync<string[]>("""
                (sidecars) => Promise.all(sidecars.map(async ([name, text]) => {
                  const { findings } = await EvidenceVerifier.check(name, new TextEncoder().encode(text));
                  return findings.map((found) => found.code).sort().join(" ") + "\n" + findings.map((found) => `${found.code} ${found.rule}: ${found.message}`).join("\n");
                }))
                """, sidecars.Select(sidecar => new[] { Path.GetFileName(sidecar.Path), sidecar.Text }));
            foreach (var (sidecar, theirs) in sidecars.Zip(inBrowser))
            {
                var ours = EvidenceVerifier.Verify(sidecar.Path);
                var expected = string.Join(' ', ours.Select(finding => finding.Code).Order(StringComparer.Ordinal));
                Assert.True(theirs.Split('\n')[0] == expected,
                    $"{sidecar.Path}: C# finds [{expected}]\n{string.Join('\n', ours)}\nand JavaScript [{theirs}]\n{sidecar.Text}");
                foreach (var code in ours.Select(finding => finding.Code).Distinct().DefaultIfEmpty(""))
                    codes[code] = codes.GetValueOrDefault(code) + 1;
            }
            foreach (var sidecar in sidecars)
                File.Delete(sidecar.Path);
        }
        foreach (var (code, found) in codes.OrderByDescending(pair => pair.Value))
            output.WriteLine($"{found,6}  {(code.Length > 0 ? code : "nothing found")}");
        // Neither side may agree by finding nothing, or by finding always the same.
        foreach (var code in new[] { "", "MLP3008", "MLP3010", "MLP3011", "MLP3012", "MLP3015", "MLP3016" })
            Assert.True(codes.GetValueOrDefault(code) >= count / 200, $"The sidecars hardly try '{code}'.");
    }

    (string Path, string Text) Write(EvidenceRecord record)
    {
        var (path, _) = EvidenceFile.Write(folder, record);
        return (path, File.ReadAllText(path, Encoding.UTF8));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
