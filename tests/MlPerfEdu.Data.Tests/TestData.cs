using Xunit.Abstractions;

namespace MlPerfEdu.Data.Tests;

/// <summary>The embedded data sets, generated once for all tests.</summary>
static class Embedded
{
    public static readonly Lazy<ImageDataSet> Strokes = new(() => SyntheticStrokes.Load(Find("synthetic-strokes")));
    public static readonly Lazy<ImageDataSet> Scenes = new(() => SyntheticScenes.Load(Find("synthetic-scenes")));
    public static readonly Lazy<ImageDataSet> Patterns = new(() => SyntheticPatterns.Load(Find("synthetic-patterns")));
    public static readonly Lazy<ImageDataSet> Figures = new(() => SyntheticFigures.Load(Find("synthetic-figures")));
    public static readonly Lazy<KeywordDataSet> Keywords = new(() => SyntheticKeywords.Load(Find("synthetic-keywords")));
    public static readonly Lazy<RatingsDataSet> Ratings = new(() => SyntheticRatings.Load(Find("synthetic-ratings")));
    public static readonly Lazy<TextDataSet> Sentences = new(() => SyntheticSentences.Load(Find("synthetic-sentences")));
    public static readonly Lazy<SeriesDataSet> Series = new(() => SyntheticSeries.Load(Find("synthetic-series")));
    public static readonly Lazy<SentenceDataSet> Reviews = new(() => SyntheticReviews.Load(Find("synthetic-reviews")));
    public static readonly Lazy<PassageDataSet> Passages = new(() => SyntheticPassages.Load(Find("synthetic-passages")));
    public static readonly Lazy<CitationGraph> Citations = new(() => SyntheticCitations.Load(Find("synthetic-citations")));

    static DataResolution Find(string id) => DataStore.Open(new(null, "nowhere", Offline: true)).Resolve(id).OrThrow();
}

/// <summary>The data sets that MLPERFEDU_DATA holds on this machine; without it a test says so and tries files of its own instead.</summary>
static class RealData
{
    public static DataResolution? Find(string id, ITestOutputHelper output)
    {
        using var none = new TempFolder();
        var environment = DataEnvironment.FromProcess() with { CacheFolder = none.Path };
        var found = DataStore.Open(environment).Resolve(id);
        if (found.Available) return found;
        output.WriteLine($"{id}: tried on files made here, because {found.Reason}");
        return null;
    }
}

/// <summary>Files that a test made, presented as a data set that was found.</summary>
static class Resolutions
{
    public static DataResolution Of(string id, params (string Name, string Path)[] files) => new(
        DataCatalog.BuiltIn[id], DataOrigin.DataFolder,
        [.. files.Select(f => new ResolvedFile(f.Name, f.Path, new FileInfo(f.Path).Length, FileCheck.Digest(f.Path), Pinned: false))], "");
}

/// <summary>A folder that is gone when the test is over.</summary>
sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("mlperfedu-data-").FullName;

    public string this[params string[] parts] => System.IO.Path.Combine([Path, .. parts]);

    public string Write(string name, byte[] bytes)
    {
        var path = this[name];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
