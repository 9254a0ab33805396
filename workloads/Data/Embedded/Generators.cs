namespace MlPerfEdu.Data;

/// <summary>The embedded data sets by id, made exactly as datasets.yaml pins them.</summary>
public static class Generators
{
    public static ImageDataSet Strokes(DataCatalog? catalog = null)
    {
        var entry = (catalog ?? DataCatalog.BuiltIn)["synthetic-strokes"];
        var made = SyntheticStrokes.Generate(Settings(entry));
        return made with { Provenance = Checked(entry, made.Provenance, ContentsDigest.Of(made)) };
    }

    static GeneratorSettings Settings(DataSetEntry entry) =>
        new(entry.Id, entry.Seed ?? throw StoreErrors.NotAvailable(entry.Id, "it has no seed in datasets.yaml."), entry.Splits["train"], entry.Splits["test"]);

    static Provenance Checked(DataSetEntry entry, Provenance provenance, string digest) => digest == entry.ContentsSha256
        ? provenance with { Files = [new("contents", digest)] }
        : throw StoreErrors.GeneratedOtherwise(entry.Id, digest, entry.ContentsSha256 ?? "one in datasets.yaml");
}
