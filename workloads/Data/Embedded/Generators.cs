namespace MlPerfEdu.Data;

/// <summary>The embedded data sets, made exactly as datasets.yaml pins them.</summary>
public static class Generators
{
    /// <summary>Stands for a file's name where a generated data set has none.</summary>
    internal const string Contents = "contents";

    /// <summary>synthetic-strokes, in the shape of MNIST.</summary>
    public static ImageDataSet Strokes(DataResolution data) => Checked(data.Entry, SyntheticStrokes.Generate(Settings(data)));

    /// <summary>synthetic-scenes, in the shape of Wake Vision's subset.</summary>
    public static ImageDataSet Scenes(DataResolution data) => Checked(data.Entry, SyntheticScenes.Generate(Settings(data)));

    /// <summary>synthetic-keywords, in the shape of Speech Commands.</summary>
    public static KeywordDataSet Keywords(DataResolution data)
    {
        var made = SyntheticKeywords.Generate(Settings(data));
        return made with { Provenance = Checked(data.Entry, made.Provenance, ContentsDigest.Of(made)) };
    }

    /// <summary>synthetic-ratings, in the shape of MovieLens-100K.</summary>
    public static RatingsDataSet Ratings(DataResolution data)
    {
        var made = SyntheticRatings.Generate(Settings(data, "validation"));
        return made with { Provenance = Checked(data.Entry, made.Provenance, ContentsDigest.Of(made)) };
    }

    /// <summary>synthetic-sentences, in the shape of Tiny Shakespeare.</summary>
    public static TextDataSet Sentences(DataResolution data)
    {
        var made = SyntheticSentences.Generate(Settings(data));
        return made with { Provenance = Checked(data.Entry, made.Provenance, ContentsDigest.Of(made)) };
    }

    /// <summary>synthetic-citations, in the shape of Cora.</summary>
    public static CitationGraph Citations(DataResolution data)
    {
        var made = SyntheticCitations.Generate(data.Entry.Id, Seed(data.Entry), data.Entry.Splits);
        return made with { Provenance = Checked(data.Entry, made.Provenance, ContentsDigest.Of(made)) };
    }

    static ImageDataSet Checked(DataSetEntry entry, ImageDataSet made) => made with { Provenance = Checked(entry, made.Provenance, ContentsDigest.Of(made)) };

    static GeneratorSettings Settings(DataResolution data, string scored = "test") => Settings(data.Entry, scored) with { Stop = data.Stop };

    internal static GeneratorSettings Settings(DataSetEntry entry, string scored = "test") =>
        new(entry.Id, Seed(entry), entry.Splits["train"], entry.Splits[scored]);

    static ulong Seed(DataSetEntry entry) => entry.Seed ?? throw StoreErrors.NotAvailable(entry.Id, "it has no seed in datasets.yaml.");

    static Provenance Checked(DataSetEntry entry, Provenance provenance, string digest) => digest == entry.ContentsSha256
        ? provenance with { Files = [new(Contents, digest)] }
        : throw StoreErrors.GeneratedOtherwise(entry.Id, digest, entry.ContentsSha256 ?? "one in datasets.yaml");
}
