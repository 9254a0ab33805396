namespace MlPerfEdu.Data;

/// <summary>What an embedded data set is made from; datasets.yaml pins the values and the digest of the output.</summary>
/// <param name="Train">Samples in the training split.</param>
/// <param name="Test">Samples in the split that is only scored.</param>
public sealed record GeneratorSettings(string DataSet, ulong Seed, int Train, int Test)
{
    /// <summary>Checked between samples.</summary>
    public CancellationToken Stop { get; init; }

    internal ParallelOptions Parallel => new() { CancellationToken = Stop };

    internal static GeneratorSettings Of(DataResolution data, string scored = "test") => Of(data.Entry, scored) with { Stop = data.Stop };

    internal static GeneratorSettings Of(DataSetEntry entry, string scored = "test") =>
        new(entry.Id, SeedOf(entry), entry.Splits["train"], entry.Splits[scored]);

    internal static ulong SeedOf(DataSetEntry entry) =>
        entry.Seed ?? throw StoreErrors.NotAvailable(entry.Id, "it has no seed in datasets.yaml.");

    internal Provenance Provenance() =>
        new(DataSet, DataTier.Embedded, [], $"{DataSet}: {Train} + {Test} generated samples, seed {Seed}; not a real data set.");
}

/// <summary>What the embedded data sets have in common: they are made exactly as datasets.yaml pins them.</summary>
static class Generators
{
    /// <summary>In place of a file name, which a generated data set does not have.</summary>
    public const string Contents = "contents";

    public delegate void Draw(int label, ref Xoshiro random, Span<byte> image);

    /// <summary>Square grey images; labels take turns through the classes.</summary>
    public static ImageDataSet Images(GeneratorSettings settings, int side, IReadOnlyList<string> classes, Draw draw)
    {
        return new(Split(0, settings.Train), Split(1, settings.Test), classes, settings.Provenance());

        LabelledImages Split(int split, int count)
        {
            var pixels = new byte[count * side * side];
            var labels = new byte[count];
            Parallel.For(0, count, settings.Parallel, i =>
            {
                var random = Xoshiro.ForSample(settings.Seed, split, i);
                labels[i] = (byte)(i % classes.Count);
                draw(labels[i], ref random, pixels.AsSpan(i * side * side, side * side));
            });
            return new(pixels, labels, 1, side, side);
        }
    }

    /// <exception cref="DataException">When the samples are not the pinned ones.</exception>
    public static T Checked<T>(DataResolution data, T generated) where T : DataSet
    {
        var (digest, pinned) = (generated.ContentsDigest(), data.Entry.ContentsSha256);
        if (digest != pinned) throw StoreErrors.GeneratedOtherwise(data.Entry.Id, digest, pinned ?? "one in datasets.yaml");
        return generated with { Provenance = generated.Provenance with { Files = [new(Contents, digest)] } };
    }
}
