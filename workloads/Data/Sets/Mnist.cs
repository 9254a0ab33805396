namespace MlPerfEdu.Data;

/// <summary>MNIST in its four original idx files: 28×28 grey, ten digits.</summary>
public static class Mnist
{
    public const int Side = 28;
    public static readonly IReadOnlyList<string> Classes = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

    [Reads("mnist")]
    public static ImageDataSet Load(DataResolution data)
    {
        var train = IdxImages.Load(data["train-images-idx3-ubyte.gz"], data["train-labels-idx1-ubyte.gz"], Side, Side, Classes.Count);
        var test = IdxImages.Load(data["t10k-images-idx3-ubyte.gz"], data["t10k-labels-idx1-ubyte.gz"], Side, Side, Classes.Count);
        return new(train, test, Classes, data.Provenance(DataTier.Real, $"MNIST: {train.Count} training and {test.Count} test digits."));
    }
}
