namespace MlPerfEdu.Data;

/// <summary>CIFAR-10, whole from its archive or the part whose first records were cut out.</summary>
public static class Cifar10
{
    const string ArchiveName = "cifar-10-binary.tar.gz";
    const string TrainPart = "derived-data_batch_1-first2000.bin", TestPart = "derived-test_batch-first1000.bin";
    const int MostBytesPerFile = 10_000 * CifarBinary.RecordBytes;
    static readonly string[] TrainFiles = ["data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"];
    const string TestFile = "test_batch.bin";

    public static readonly IReadOnlyList<string> Classes =
        ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    [Reads("cifar10-part", "cifar10")]
    public static ImageDataSet Load(DataResolution data) => data.Entry.Kind == DataSetKind.Part ? LoadPart(data) : LoadWhole(data);

    static ImageDataSet LoadPart(DataResolution data)
    {
        var (train, test) = (Read(TrainPart), Read(TestPart));
        return new(train, test, Classes, data.Provenance(DataTier.Part,
            $"A part of CIFAR-10: its first {train.Count} training and first {test.Count} test images."));

        LabelledImages Read(string name) => CifarBinary.Read(File.ReadAllBytes(data[name]), name);
    }

    static ImageDataSet LoadWhole(DataResolution data)
    {
        var batches = new Dictionary<string, LabelledImages>();
        foreach (var entry in Archive.Read(data[ArchiveName], new(Entries: 100, EntryBytes: MostBytesPerFile, TotalBytes: 7L * MostBytesPerFile)))
        {
            var name = entry.FileName;
            if (TrainFiles.Contains(name) || name == TestFile) batches[name] = CifarBinary.Read(entry.ReadAll(), name);
        }
        foreach (var name in TrainFiles.Append(TestFile))
            if (!batches.ContainsKey(name)) throw ArchiveErrors.Missing(ArchiveName, name);
        var train = Join([.. TrainFiles.Select(name => batches[name])]);
        var test = batches[TestFile];
        return new(train, test, Classes, data.Provenance(DataTier.Real, $"CIFAR-10: {train.Count} training and {test.Count} test images."));
    }

    static LabelledImages Join(LabelledImages[] batches)
    {
        var pixels = new byte[batches.Sum(batch => batch.Pixels.Length)];
        var end = 0;
        foreach (var batch in batches)
        {
            batch.Pixels.CopyTo(pixels, end);
            end += batch.Pixels.Length;
        }
        return new(pixels, [.. batches.SelectMany(batch => batch.Labels)], CifarBinary.Channels, CifarBinary.Side, CifarBinary.Side);
    }
}
