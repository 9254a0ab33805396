using Xunit.Abstractions;

namespace MlPerfEdu.Data.Tests;

public sealed class CifarTests(ITestOutputHelper output) : IDisposable
{
    readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Reads_the_part()
    {
        var real = RealData.Find("cifar10-part", output);
        var set = Cifar10.Load(real ?? Resolutions.Of("cifar10-part",
            ("derived-data_batch_1-first2000.bin", folder.Write("a.bin", Records(40))), ("derived-test_batch-first1000.bin", folder.Write("b.bin", Records(20)))));
        Assert.Equal(real is null ? (40, 20) : (2000, 1000), (set.Train.Count, set.Test.Count));
        Assert.Equal(DataTier.Part, set.Provenance.Tier);
        // The published first training image is a frog, the first test image a cat.
        if (real is not null) Assert.Equal(("frog", "cat"), (set.Classes[set.Train.Labels[0]], set.Classes[set.Test.Labels[0]]));
    }

    [Fact]
    public void Reads_the_whole_from_its_archive()
    {
        var batches = Enumerable.Range(1, 5).Select(i => ($"cifar-10-batches-bin/data_batch_{i}.bin", Records(i))).Append(("cifar-10-batches-bin/test_batch.bin", Records(7)));
        var set = Cifar10.Load(Whole([.. batches, ("cifar-10-batches-bin/batches.meta.txt", [1])]));
        Assert.Equal((15, 7), (set.Train.Count, set.Test.Count));
        Assert.Equal([0, 0, 1, 0, 1, 2], set.Train.Labels[..6].Select(l => (int)l));
        Assert.Equal("MLP1064", Assert.Throws<DataException>(() => Cifar10.Load(Whole([.. batches.Skip(1)]))).Code);
    }

    [Fact]
    public void Keeps_the_planes_where_they_were()
    {
        var record = Records(1);
        (record[1], record[1 + 1024], record[1 + 2048], record[^1]) = (10, 20, 30, 40);
        var image = CifarBinary.Read(record, "r.bin").Image(0);
        Assert.Equal((10, 20, 30, 40), (image[0], image[1024], image[2048], image[^1]));
    }

    [Fact]
    public void A_cut_record_and_a_strange_label_are_refused()
    {
        Assert.Equal("MLP1081", Assert.Throws<DataException>(() => CifarBinary.Read(Records(2).AsSpan(0, 6000), "r.bin")).Code);
        Assert.Equal("MLP1081", Assert.Throws<DataException>(() => CifarBinary.Read([], "r.bin")).Code);
        var strange = Records(3);
        strange[2 * 3073] = 10;
        Assert.Contains("label 2 is 10", Assert.Throws<DataException>(() => CifarBinary.Read(strange, "r.bin")).Message);
    }

    [Fact]
    public void The_proxy_says_so_and_is_balanced()
    {
        var part = new ImageDataSet(CifarBinary.Read(Records(40), "a"), CifarBinary.Read(Records(20), "b"), Cifar10.Classes, new("cifar10-part", DataTier.Part, [], "A part."));
        var proxy = LivingThings.FromCifar10(part, mostTrainPerClass: 12, mostTestPerClass: 500);
        Assert.Equal([12, 12], proxy.Train.CountPerClass(2));
        Assert.Equal([8, 8], proxy.Test.CountPerClass(2));
        Assert.Equal((1, 96, 96), (proxy.Train.Channels, proxy.Train.Height, proxy.Train.Width));
        Assert.Equal(DataTier.Proxy, proxy.Provenance.Tier);
        Assert.Contains("not Wake Vision", proxy.Provenance.Statement);
    }

    // Against bilinear interpolation in floating point, computed from its definition.
    [Fact]
    public void Enlarging_is_bilinear_between_pixel_centres()
    {
        var record = Records(1);
        record[0] = 3;
        var random = new Xoshiro(5);
        for (var i = 1; i < record.Length; i++) record[i] = (byte)random.Below(256);
        var both = CifarBinary.Read([.. record, .. Records(1)], "a");
        var part = new ImageDataSet(both, both, Cifar10.Classes, new("cifar10-part", DataTier.Part, [], ""));
        var proxy = LivingThings.FromCifar10(part).Train;
        var large = proxy.Image(Array.IndexOf(proxy.Labels, (byte)1)).ToArray();

        double Grey(int y, int x) => Math.Floor(0.299 * record[1 + y * 32 + x] + 0.587 * record[1025 + y * 32 + x] + 0.114 * record[2049 + y * 32 + x] + 0.5);
        for (var y = 0; y < 96; y++)
        {
            for (var x = 0; x < 96; x++)
            {
                var (v, u) = (Math.Clamp((y + 0.5) / 3 - 0.5, 0, 31), Math.Clamp((x + 0.5) / 3 - 0.5, 0, 31));
                var (y0, x0) = ((int)v, (int)u);
                var (y1, x1) = (Math.Min(y0 + 1, 31), Math.Min(x0 + 1, 31));
                var expected = (1 - (v - y0)) * ((1 - (u - x0)) * Grey(y0, x0) + (u - x0) * Grey(y0, x1)) + (v - y0) * ((1 - (u - x0)) * Grey(y1, x0) + (u - x0) * Grey(y1, x1));
                Assert.Equal(expected, large[y * 96 + x], 0.51);
            }
        }
    }

    DataResolution Whole((string, byte[])[] files) =>
        Resolutions.Of("cifar10", ("cifar-10-binary.tar.gz", folder.Write("cifar-10-binary.tar.gz", TarBytes.Of(files))));

    static byte[] Records(int count)
    {
        var bytes = new byte[count * CifarBinary.RecordBytes];
        for (var i = 0; i < count; i++) bytes[i * CifarBinary.RecordBytes] = (byte)(i % 10);
        return bytes;
    }
}
