namespace MlPerfEdu.Data;

/// <summary>What visual wake words expects: 96×96 grey, label 1 when a person is to be seen, both labels as frequent.</summary>
public static class PersonImages
{
    public const int Side = 96;

    public static readonly IReadOnlyList<string> Classes = ["no-person", "person"];

    /// <summary>Wake Vision in the four idx files that its user made (workloads/Data/README.md).</summary>
    public static ImageDataSet LoadWakeVision(DataResolution data)
    {
        var train = Balance(Load("train"), data.Entry.Splits["train"] / 2);
        var test = Balance(Load("test"), data.Entry.Splits["test"] / 2);
        return new(train, test, Classes, data.Provenance(DataTier.Real,
            $"Wake Vision: {train.Count} training and {test.Count} test images, chosen and scaled by the user; the digests are those found."));

        LabelledImages Load(string split) =>
            IdxImages.Load(data[$"{split}-images-idx3-ubyte.gz"], data[$"{split}-labels-idx1-ubyte.gz"], Side, Side, Classes.Count);
    }

    /// <summary>The first images of each class, as many of the one as of the other, in their old order.</summary>
    public static LabelledImages Balance(LabelledImages images, int mostPerClass)
    {
        var each = Math.Min(mostPerClass, images.CountPerClass(Classes.Count).Min());
        var taken = new int[Classes.Count];
        return images.Take([.. Enumerable.Range(0, images.Count).Where(i => taken[images.Labels[i]]++ < each)]);
    }
}
