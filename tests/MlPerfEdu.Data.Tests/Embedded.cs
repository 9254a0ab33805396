namespace MlPerfEdu.Data.Tests;

/// <summary>The embedded data sets, generated once for all tests.</summary>
static class Embedded
{
    public static readonly Lazy<ImageDataSet> Strokes = new(() => Generators.Strokes(Find("synthetic-strokes")));
    public static readonly Lazy<ImageDataSet> Scenes = new(() => Generators.Scenes(Find("synthetic-scenes")));
    public static readonly Lazy<KeywordDataSet> Keywords = new(() => Generators.Keywords(Find("synthetic-keywords")));
    public static readonly Lazy<RatingsDataSet> Ratings = new(() => Generators.Ratings(Find("synthetic-ratings")));
    public static readonly Lazy<TextDataSet> Sentences = new(() => Generators.Sentences(Find("synthetic-sentences")));
    public static readonly Lazy<CitationGraph> Citations = new(() => Generators.Citations(Find("synthetic-citations")));

    static DataResolution Find(string id) => DataStore.Open(new(null, "nowhere", Offline: true)).Resolve(id).OrThrow();
}
