namespace MlPerfEdu.Page.Tests;

/// <summary>The browser of this machine: any of Chromium's names, or the program that MLPERFEDU_CHROMIUM names.</summary>
static class Chromium
{
    const string Variable = "MLPERFEDU_CHROMIUM";

    static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    public static string? Path { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : Names
        .SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
            .Select(folder => System.IO.Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    /// <summary>Why nothing can be shown here; absent when it can.</summary>
    public static string? Missing => Path is null ? $"no Chromium is installed (`apt-get install chromium`, or its path in {Variable})" : null;
}

/// <summary>A test that needs Chromium, and is skipped with the reason where there is none.</summary>
sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute() => Skip = Chromium.Missing;
}

/// <inheritdoc cref="ChromiumFactAttribute"/>
sealed class ChromiumTheoryAttribute : TheoryAttribute
{
    public ChromiumTheoryAttribute() => Skip = Chromium.Missing;
}

/// <summary>A test that needs the accessibility rules of axe-core as well; nothing of it is in this repository.</summary>
sealed class AxeTheoryAttribute : TheoryAttribute
{
    public AxeTheoryAttribute() => Skip = Chromium.Missing
        ?? (Script is null ? "MLPERFEDU_AXE does not name an axe.min.js (`npm install axe-core` has it)" : null);

    public static string? Script { get; } = Environment.GetEnvironmentVariable("MLPERFEDU_AXE") is { Length: > 0 } path ? path : null;
}

/// <summary>One browser for all tests, and the page of this clone's evidence.</summary>
public sealed class Browser : IAsyncLifetime, IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("mlperfedu-page-").FullName;
    IPlaywright? playwright;
    IBrowser? browser;

    /// <summary>The page that `report --html` writes of everything that is committed.</summary>
    public string PageOfThisClone => System.IO.Path.Combine(folder, "results.html");

    public async Task InitializeAsync()
    {
        if (Chromium.Path is null)
            return;
        Assert.Equal(0, Report.Of(ThisClone.Repository, PageOfThisClone).Exit);
        playwright = await Playwright.CreateAsync();
        // Nobody but root is at home in most containers, and there Chromium refuses its own sandbox.
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium.Path, Args = ["--no-sandbox"] });
    }

    public string Write(string name, byte[] page)
    {
        var path = System.IO.Path.Combine(folder, name);
        File.WriteAllBytes(path, page);
        return path;
    }

    /// <summary>Opens a page from its file with the network off, and waits until it is drawn.</summary>
    public async Task<OpenPage> Open(string path, int width = 1280, ColorScheme scheme = ColorScheme.Light)
    {
        var context = await browser!.NewContextAsync(new()
            { Offline = true, ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 900 }, ReducedMotion = ReducedMotion.Reduce });
        var page = await context.NewPageAsync();
        var open = new OpenPage(page);
        await page.GotoAsync(new Uri(path).AbsoluteUri);
        await page.WaitForSelectorAsync("html[data-ready]");
        return open;
    }

    public async Task DisposeAsync()
    {
        if (browser is not null)
            await browser.CloseAsync();
        playwright?.Dispose();
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}

/// <summary>A page with everything that it complained about or asked for.</summary>
public sealed class OpenPage : IAsyncDisposable
{
    public OpenPage(IPage page)
    {
        Page = page;
        page.Console += (_, message) => Complaints.Add($"{message.Type}: {message.Text}");
        page.PageError += (_, error) => Complaints.Add(error);
        page.Request += (_, request) => Requests.Add(request.Url);
    }

    public IPage Page { get; }
    public List<string> Complaints { get; } = [];
    public List<string> Requests { get; } = [];

    public async ValueTask DisposeAsync() => await Page.Context.CloseAsync();
}

[CollectionDefinition(Name)]
public sealed class BrowserCollection : ICollectionFixture<Browser>
{
    public const string Name = "browser";
}

/// <summary>Writes pages through the command line.</summary>
static class Report
{
    public static Answer Of(Engine.Repository repository, string file)
    {
        using var clone = new Clone();
        return Answer.To(clone, ["report", "--html", file], services => services with { FindRepository = () => repository });
    }
}
