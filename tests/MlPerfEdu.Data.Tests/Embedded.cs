namespace MlPerfEdu.Data.Tests;

/// <summary>The embedded data sets, generated once for all tests.</summary>
static class Embedded
{
    public static readonly Lazy<ImageDataSet> Strokes = new(() => SyntheticStrokes.Load(Find("synthetic-strokes")));
    public static readonly Lazy<ImageDataSet> Scenes = new(() => SyntheticScenes.Load(Find("synthetic-scenes")));
    public static readonly Lazy<KeywordDataSet> Keywords = new(() => SyntheticKeywords.Load(Find("synthetic-keywords")));
    public static readonly Lazy<RatingsDataSet> Ratings = new(() => SyntheticRatings.Load(Find("synthetic-ratings")));
    public static readonly Lazy<TextDataSet> Sentences = new(() => SyntheticSentences.Load(Find("synthetic-sentences")));
    public static readonly Lazy<CitationGraph> Citations = new(() => SyntheticCitations.Load(Find("synthetic-citations")));

    static DataResolution Find(string id) => DataStore.Open(new(null, "nowhere", Offline: true)).Resolve(id).OrThrow();
}
