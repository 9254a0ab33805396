namespace MlPerfEdu.Page.Tests;

/// <summary>What a reader meets: nothing is fetched, nothing overlaps, everything can be reached.</summary>
[Collection(BrowserCollection.Name)]
public class ShownTests(Browser browser, ITestOutputHelper output)
{
    const long MostBytes = 3_000_000;

    /// <summary>Overlapping labels of plots, and what is wider than the window.</summary>
    const string Collisions = """
        () => {
          const found = [];
          for (const plot of document.querySelectorAll("svg.plot")) {
            for (const whisker of plot.querySelectorAll(".whisker")) {
              const line = whisker.getBoundingClientRect();
              for (const text of plot.querySelectorAll("text.name, text.note")) {
                const box = text.getBoundingClientRect();
                if (box.left + 1 < line.left && line.right < box.right - 1 && line.top < box.bottom - 2 && box.top + 2 < line.bottom)
                  found.push(`${plot.getAttribute("aria-label")}: a whisker through "${text.textContent}"`);
              }
            }
            const boxes = [...plot.querySelectorAll("text")].map((text) => [text.textContent, text.getBoundingClientRect()]);
            boxes.forEach(([one, a], index) => boxes.slice(index + 1).forEach(([other, b]) => {
              if (a.left + 1 < b.right - 1 && b.left + 1 < a.right - 1 && a.top + 2 < b.bottom - 2 && b.top + 2 < a.bottom - 2)
                found.push(`${plot.getAttribute("aria-label")}: "${one}" over "${other}"`);
            }));
          }
          const width = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth > width) {
            const wide = [...document.querySelectorAll("body *")].filter((element) => element.getBoundingClientRect().right > width + 1);
            found.push(`wider than the window: ${wide.slice(0, 5).map((element) => `${element.tagName}.${element.className}#${element.id}`).join(", ")}`);
          }
          return found;
        }
        """;

    [ChromiumFact]
    public async Task The_page_is_one_file_that_asks_for_nothing_and_says_no_error()
    {
        await using var open = await browser.Open(browser.PageOfThisClone);
        var paint = await open.Page.EvaluateAsync<double>("() => performance.getEntriesByName('first-contentful-paint')[0].startTime");
        var size = new FileInfo(browser.PageOfThisClone).Length;
        output.WriteLine($"{size:N0} bytes, first contentful paint after {paint:0} ms");
        Assert.InRange(size, 1, MostBytes);
        Assert.Empty(open.Complaints);
        Assert.Equal([new Uri(browser.PageOfThisClone).AbsoluteUri], open.Requests);
    }

    [ChromiumTheory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task Nothing_overlaps_and_nothing_is_wider_than_the_window(int width, ColorScheme scheme)
    {
        await using var open = await browser.Open(browser.PageOfThisClone, width, scheme);
        await open.Page.EvaluateAsync("() => document.querySelectorAll('.open').forEach((button, index) => index < 3 && button.click())");
        Assert.Empty(await open.Page.EvaluateAsync<string[]>(Collisions));
        if (Environment.GetEnvironmentVariable("MLPERFEDU_SCREENSHOTS") is { Length: > 0 } folder)
            await open.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"page-{width}-{scheme}.png".ToLowerInvariant()), FullPage = true });
    }

    [ChromiumFact]
    public async Task A_keyboard_checks_the_page_opens_a_row_and_walks_along_the_roofline()
    {
        await using var open = await browser.Open(browser.PageOfThisClone);
        var page = open.Page;
        await Tab(page, "document.activeElement.id === 'check'");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("#outcome.good");
        await Tab(page, "document.activeElement.classList.contains('open')");
        await page.Keyboard.PressAsync("Enter");
        Assert.True(await page.EvaluateAsync<bool>("() => document.querySelectorAll('tr.details').length === 1 && document.activeElement.getAttribute('aria-expanded') === 'true'"));

        await Tab(page, "document.activeElement.closest('#rooflines svg')");
        var first = await Inspected(page);
        await page.Keyboard.PressAsync("ArrowRight");
        var second = await Inspected(page);
        await page.Keyboard.PressAsync("Home");
        Assert.NotEqual(first, second);
        Assert.Equal(first, await Inspected(page));
        foreach (var part in new[] { "workloads.yaml:", "Raw samples", "compute roof", "FLOP per step" })
            Assert.Contains(part, first, StringComparison.Ordinal);

        static Task<string> Inspected(IPage page) => page.InnerTextAsync(".inspector");
    }

    [AxeTheory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task Every_rule_of_axe_passes(int width, ColorScheme scheme)
    {
        await using var open = await browser.Open(browser.PageOfThisClone, width, scheme);
        await open.Page.EvaluateAsync("() => document.querySelectorAll('.open, summary').forEach((button, index) => index % 5 === 0 && button.click())");
        // The page's policy lets no script in, not even this one as an element.
        await open.Page.EvaluateAsync(await File.ReadAllTextAsync(AxeTheoryAttribute.Script!));
        var broken = await open.Page.EvaluateAsync<string[]>("""
            async () => (await axe.run({ resultTypes: ["violations"] })).violations
              .flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target} ${node.failureSummary}`))
            """);
        Assert.Empty(broken);
    }

    [ChromiumFact]
    public async Task A_clone_without_evidence_has_a_page_that_says_what_to_do()
    {
        using var clone = new Clone();
        var path = browser.Write("empty.html", []);
        Assert.Equal(0, Report.Of(clone.Repository, path).Exit);
        await using var open = await browser.Open(path, 390);
        Assert.Empty(open.Complaints);
        Assert.Contains("No evidence yet. mlperfedu run", await open.Page.InnerTextAsync("main"), StringComparison.Ordinal);
        Assert.Contains("Without evidence: first-workload, second-workload.", await open.Page.InnerTextAsync("main"), StringComparison.Ordinal);
        Assert.Empty(await open.Page.EvaluateAsync<string[]>(Collisions));
    }

    [ChromiumFact]
    public async Task Runs_of_this_machine_have_a_history_and_a_difference_in_words()
    {
        using var clone = new Clone();
        for (var run = 0; run < 15; run++)
        {
            clone.Measured(Clone.First, $"2026-01-{run + 10}T12-00-00Z", record => run < 13 ? record : SampleEvidence.Slowed(record, 1.25));
            if (run == 0) Answer.To(clone, $"accept {Clone.First}");
        }
        var path = browser.Write("history.html", []);
        Assert.Equal(0, Report.Of(clone.Repository, path).Exit);
        await using var open = await browser.Open(path);
        Assert.Empty(open.Complaints);
        Assert.Contains("▲ 1 of 15 runs slower than the runs before explain", await open.Page.InnerTextAsync("#history"), StringComparison.Ordinal);
        Assert.Contains("first-workload: worse in step time", await open.Page.InnerTextAsync("#differences"), StringComparison.Ordinal);
        Assert.Equal("student", await open.Page.InnerTextAsync(".trust"));
        Assert.Empty(await open.Page.EvaluateAsync<string[]>(Collisions));
    }

    /// <summary>Presses Tab until this holds.</summary>
    static async Task Tab(IPage page, string reached)
    {
        for (var press = 0; press < 200; press++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<bool>($"() => Boolean({reached})"))
                return;
        }
        Assert.Fail($"found that 200 presses of Tab do not reach what {reached} asks for → expected it in the tab order → give it a tabindex.");
    }
}
