using Xunit.Abstractions;

namespace MlPerfEdu.Data.Tests;

public class MnistTests(ITestOutputHelper output)
{
    static readonly string[] Names = ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"];

    [Fact]
    public void Reads_the_original_files()
    {
        using var folder = new TempFolder();
        var real = RealData.Find("mnist", output);
        var set = Mnist.Load(real ?? Small(folder, trainLabels: 12));
        Assert.Equal(real is null ? (12, 5) : (60_000, 10_000), (set.Train.Count, set.Test.Count));
        Assert.Equal(set.Train.Count, set.Train.CountPerClass(10).Sum());
        Assert.Equal(4, set.Provenance.Files.Count);
        if (real is null) return;
        Assert.Equal([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009], set.Test.CountPerClass(10));
        // The first training digit is a five with a mean grey of 35.1.
        Assert.Equal(5, set.Train.Labels[0]);
        Assert.Equal(35.1, set.Train.Image(0).ToArray().Average(p => p), 0.05);
    }

    [Fact]
    public void Labels_of_another_file_are_refused()
    {
        using var folder = new TempFolder();
        Assert.Equal("MLP1083", Assert.Throws<DataException>(() => Mnist.Load(Small(folder, trainLabels: 11))).Code);
    }

    [Fact]
    public void A_label_above_nine_is_refused()
    {
        using var folder = new TempFolder();
        var data = Small(folder, trainLabels: 12, label: 10);
        var e = Assert.Throws<DataException>(() => Mnist.Load(data));
        Assert.Equal("MLP1084", e.Code);
        Assert.Contains("label 0 is 10", e.Message);
    }

    static DataResolution Small(TempFolder folder, int trainLabels, byte label = 3)
    {
        var labels = Enumerable.Repeat(label, trainLabels).ToArray();
        byte[][] files = [IdxBytes.Of(new byte[12 * 784], 12, 28, 28), IdxBytes.Of(labels, trainLabels), IdxBytes.Of(new byte[5 * 784], 5, 28, 28), IdxBytes.Of([0, 1, 2, 3, 9], 5)];
        return Resolutions.Of("mnist", [.. Names.Zip(files, (name, bytes) => (name, folder.Write(name, IdxBytes.Gzip(bytes))))]);
    }
}
