using MlPerfEdu.Roofline.Compare;

namespace MlPerfEdu.Page.Tests;

/// <summary>Sidecars and YAML are text from strangers: the page shows it, and never runs it.</summary>
[Collection(BrowserCollection.Name)]
public class HostileTextTests(Browser browser)
{
    const string Hostile = "</script><img src=x onerror=\"window.taken = true\"><script>window.taken = true</script>{{script}}";

    [ChromiumFact]
    public async Task No_text_becomes_markup_or_script()
    {
        using var clone = new Clone();
        var record = SampleEvidence.Of(clone.Entry(Clone.First), "2026-01-31T12-00-00Z");
        var facts = SampleEvidence.Facts with { CpuModel = Hostile, CpuVendor = Hostile };
        record = SampleEvidence.On(record with
        {
            Settings = new Dictionary<string, string> { [Hostile] = Hostile }, Versions = new Dictionary<string, string> { [Hostile] = Hostile },
            Source = new(Hostile, true), Data = new(Hostile, Hostile, new Dictionary<string, string> { [Hostile] = Hostile }),
            Quality = new(new(Hostile, QualityBound.AtLeast, 0.9, 0.95), [new(Hostile, QualityBound.AtMost, 1, 2)], [new(1, 0.5), new(2, 0.9)],
                new Dictionary<string, double> { [Hostile] = 1 }),
            Validity = [new(Hostile, false, Hostile)], Workload = new(Hostile, Hostile, Hostile), MeasuredAt = Hostile,
        }, facts);
        record = ContentHash.Seal(record);
        var row = new PageRow(
            Hostile, Hostile, Hostile, "student", new(Hostile, Hostile), true, [new(1, Hostile)], new Dictionary<string, double> { [Hostile] = 1 }, new([1], [0.9]),
            SampleStatistics.Of(record), [Run(Hostile), Run("2026-01-31T12-00-00Z")], [new(Hostile, Hostile, Hostile, Hostile, [new(Hostile, Hostile)])],
            [new { Kind = "bars", Title = Hostile, Description = Hostile, Rows = Array.Empty<object>() }], HtmlPage.Packed(CanonicalJson.Serialize(record)));
        var experiment = ContentHash.Seal(SampleEvidence.OfExperiment(Hostile, "2026-01-31T12-00-00Z") with
        {
            Points = [new(Hostile, new Dictionary<string, double>(), Hostile, [1])], Checks = [new(Hostile, QualityBound.AtLeast, 1, 2)],
        });
        var asked = row with { Statistics = SampleStatistics.Of(experiment), Packed = HtmlPage.Packed(CanonicalJson.Serialize(experiment)) };
        var data = new PageData(Hostile, [row, asked], [Hostile], new(0.1, 0.1, [new(Hostile, 1, 1, 1, Hostile)]), [new(Hostile, Hostile, Hostile, [Hostile], [false], [[Hostile]])]);

        await using var open = await browser.Open(browser.Write("hostile.html", HtmlPage.Of(data)));
        await open.Page.EvaluateAsync("() => checkAll()");
        await open.Page.EvaluateAsync("() => document.querySelectorAll('.open, summary, .point').forEach((each) => each.dispatchEvent(new MouseEvent('click', { bubbles: true })))");
        Assert.False(await open.Page.EvaluateAsync<bool>("() => Boolean(window.taken)"));
        Assert.Equal(0, await open.Page.Locator("img").CountAsync());
        Assert.Equal(2, await open.Page.Locator("script").CountAsync());
        Assert.Equal(2, await open.Page.Locator("tr.failed").CountAsync());
        Assert.Contains(Hostile, await open.Page.InnerTextAsync("#results"), StringComparison.Ordinal);
        Assert.Empty(open.Complaints);

        static HistoryRun Run(string at) => new(at, Hostile, Hostile, 1e-3, 1.1e-3, null, false);
    }

    /// <summary>The policy is the second lock: were markup let in, the browser would still refuse its script.</summary>
    [ChromiumFact]
    public async Task The_policy_refuses_every_other_script()
    {
        await using var open = await browser.Open(browser.PageOfThisClone);
        await open.Page.EvaluateAsync("""
            () => {
              document.body.append(Object.assign(document.createElement("script"), { textContent: "window.taken = true" }));
              document.body.insertAdjacentHTML("beforeend", '<img src="data:," onerror="window.taken = true">');
            }
            """);
        await open.Page.WaitForTimeoutAsync(200);
        Assert.False(await open.Page.EvaluateAsync<bool>("() => Boolean(window.taken)"));
        Assert.Contains(open.Complaints, each => each.Contains("Content Security Policy", StringComparison.Ordinal));
    }
}
