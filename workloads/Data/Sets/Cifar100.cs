namespace MlPerfEdu.Data;

/// <summary>CIFAR-100 from its archive: a coarse and a fine label for each image, of which the fine one is learned.</summary>
public static class Cifar100
{
    public const int CoarseClasses = 20, FineClasses = 100;
    public const int RecordBytes = 2 + CifarBinary.Pixels;
    const string ArchiveName = "cifar-100-binary.tar.gz", TrainFile = "train.bin", TestFile = "test.bin";
    const int MostRecords = 50_000;

    /// <summary>In the order of the archive's fine_label_names.txt.</summary>
    public static readonly IReadOnlyList<string> Classes =
    [
        "apple", "aquarium_fish", "baby", "bear", "beaver", "bed", "bee", "beetle", "bicycle", "bottle", "bowl", "boy", "bridge", "bus",
        "butterfly", "camel", "can", "castle", "caterpillar", "cattle", "chair", "chimpanzee", "clock", "cloud", "cockroach", "couch",
        "crab", "crocodile", "cup", "dinosaur", "dolphin", "elephant", "flatfish", "forest", "fox", "girl", "hamster", "house", "kangaroo",
        "keyboard", "lamp", "lawn_mower", "leopard", "lion", "lizard", "lobster", "man", "maple_tree", "motorcycle", "mountain", "mouse",
        "mushroom", "oak_tree", "orange", "orchid", "otter", "palm_tree", "pear", "pickup_truck", "pine_tree", "plain", "plate", "poppy",
        "porcupine", "possum", "rabbit", "raccoon", "ray", "road", "rocket", "rose", "sea", "seal", "shark", "shrew", "skunk", "skyscraper",
        "snail", "snake", "spider", "squirrel", "streetcar", "sunflower", "sweet_pepper", "table", "tank", "telephone", "television",
        "tiger", "tractor", "train", "trout", "tulip", "turtle", "wardrobe", "whale", "willow_tree", "wolf", "woman", "worm",
    ];

    [Reads("cifar100")]
    public static ImageDataSet Load(DataResolution data)
    {
        var splits = new Dictionary<string, LabelledImages>();
        foreach (var entry in Archive.Read(data[ArchiveName], new(Entries: 100, EntryBytes: MostRecords * RecordBytes, TotalBytes: 2L * MostRecords * RecordBytes)))
            if (entry.FileName is TrainFile or TestFile) splits[entry.FileName] = Read(entry.ReadAll(), entry.FileName);
        var (train, test) = (Take(TrainFile, data.Entry.Splits["train"]), Take(TestFile, data.Entry.Splits["test"]));
        return new(train, test, Classes, data.Provenance(DataTier.Real, $"CIFAR-100: {train.Count} training and {test.Count} test images."));

        LabelledImages Take(string name, int expected)
        {
            if (!splits.TryGetValue(name, out var images)) throw ArchiveErrors.Missing(ArchiveName, name);
            return images.Count == expected ? images : throw FormatErrors.WrongShape(name, $"{images.Count} images", $"{expected}");
        }
    }

    public static LabelledImages Read(ReadOnlySpan<byte> file, string name) => CifarBinary.Read(file, name, [CoarseClasses, FineClasses]);
}
