using Xunit.Abstractions;

namespace MlPerfEdu.Data.Tests;

public sealed class Cifar100Tests(ITestOutputHelper output) : IDisposable
{
    const string ArchiveName = "cifar-100-binary.tar.gz";

    readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Reads_the_archive()
    {
        var real = RealData.Find("cifar100", output);
        var set = Cifar100.Load(real ?? Packed(("cifar-100-binary/train.bin", Records(6)), ("cifar-100-binary/test.bin", Records(3)),
            ("cifar-100-binary/fine_label_names.txt", [1])));
        Assert.Equal(real is null ? (6, 3) : (50_000, 10_000), (set.Train.Count, set.Test.Count));
        Assert.Equal(DataTier.Real, set.Provenance.Tier);
        Assert.Equal((3, 32, 32), (set.Train.Channels, set.Train.Height, set.Train.Width));
        if (real is null) Assert.Equal([99, 98, 97, 96, 95, 94], set.Train.Labels.Select(label => (int)label));
    }

    [Fact]
    public void Takes_the_fine_label_and_keeps_the_planes_where_they_were()
    {
        var record = Records(1);
        (record[0], record[1], record[2], record[2 + 1024], record[2 + 2048], record[^1]) = (19, 42, 10, 20, 30, 40);
        var images = Cifar100.Read(record, "r.bin");
        Assert.Equal(42, images.Labels[0]);
        var image = images.Image(0);
        Assert.Equal((10, 20, 30, 40), (image[0], image[1024], image[2048], image[^1]));
    }

    [Fact]
    public void Has_a_hundred_different_names() => Assert.Equal(100, Cifar100.Classes.Distinct().Count());

    [Fact]
    public void A_cut_record_an_empty_file_and_strange_labels_are_refused()
    {
        Refused("MLP1081", "expected 6148", () => Cifar100.Read(Records(2).AsSpan(0, 6000), "r.bin"));
        Refused("MLP1081", "expected 3074", () => Cifar100.Read([], "r.bin"));
        // CIFAR-10's records are a byte shorter.
        Refused("MLP1081", "", () => Cifar100.Read(new byte[4 * CifarBinary.RecordBytes], "r.bin"));
        Refused("MLP1084", "label 2 is 100, expected 0 to 99", () => Cifar100.Read(Changed(2 * Cifar100.RecordBytes + 1, 100), "r.bin"));
        Refused("MLP1084", "label 1 is 20, expected 0 to 19", () => Cifar100.Read(Changed(Cifar100.RecordBytes, 20), "r.bin"));

        static byte[] Changed(int at, byte value)
        {
            var records = Records(3);
            records[at] = value;
            return records;
        }
    }

    [Fact]
    public void An_archive_without_one_of_its_files_or_with_too_few_images_is_refused()
    {
        Refused("MLP1064", "test.bin", () => Cifar100.Load(Packed(("cifar-100-binary/train.bin", Records(6)))));
        Refused("MLP1085", "found 5 images, expected 6",
            () => Cifar100.Load(Packed(("cifar-100-binary/train.bin", Records(5)), ("cifar-100-binary/test.bin", Records(3)))));
        Refused("MLP1081", "train.bin",
            () => Cifar100.Load(Packed(("cifar-100-binary/train.bin", Records(6)[..^1]), ("cifar-100-binary/test.bin", Records(3)))));
    }

    [Fact]
    public void An_archive_that_ends_early_is_refused()
    {
        var path = folder.Write(ArchiveName, TarBytes.Of(("train.bin", Records(6)), ("test.bin", Records(3))));
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^40]);
        Refused("MLP1060", ArchiveName, () => Cifar100.Load(Small(path)));
    }

    static void Refused(string code, string words, Action read)
    {
        var refused = Assert.Throws<DataException>(read);
        Assert.Equal(code, refused.Code);
        Assert.Contains(words, refused.Message);
    }

    DataResolution Packed(params (string, byte[])[] files) => Small(folder.Write(ArchiveName, TarBytes.Of(files)));

    // As the published archive, but of six and three images.
    static DataResolution Small(string path)
    {
        var data = Resolutions.Of("cifar100", (ArchiveName, path));
        return data with { Entry = data.Entry with { Splits = new Dictionary<string, int> { ["train"] = 6, ["test"] = 3 } } };
    }

    static byte[] Records(int count)
    {
        var bytes = new byte[count * Cifar100.RecordBytes];
        for (var i = 0; i < count; i++) (bytes[i * Cifar100.RecordBytes], bytes[i * Cifar100.RecordBytes + 1]) = ((byte)(i % 20), (byte)(99 - i));
        return bytes;
    }
}
