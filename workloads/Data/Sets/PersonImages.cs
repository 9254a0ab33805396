namespace MlPerfEdu.Data;

/// <summary>What visual wake words expects: 96×96 grey, label 1 for a person, both labels equally frequent.</summary>
public static class PersonImages
{
    public const int Side = 96;
    public static readonly IReadOnlyList<string> Classes = ["no-person", "person"];

    /// <summary>Wake Vision in the four idx files that its user made (workloads/Data/README.md).</summary>
    [Reads("wake-vision")]
    public static ImageDataSet LoadWakeVision(DataResolution data)
    {
        var train = Balance(Load("train"), data.Entry.Splits["train"] / 2);
        var test = Balance(Load("test"), data.Entry.Splits["test"] / 2);
        return new(train, test, Classes, data.Provenance(DataTier.Real,
            $"Wake Vision: {train.Count} training and {test.Count} test images, chosen and scaled by the user; the digests are those found."));

        LabelledImages Load(string split) =>
            IdxImages.Load(data[$"{split}-images-idx3-ubyte.gz"], data[$"{split}-labels-idx1-ubyte.gz"], Side, Side, Classes.Count);
    }

    /// <summary>The first images of each class, as many of one as of the other, in their old order.</summary>
    public static LabelledImages Balance(LabelledImages images, int mostPerClass)
    {
        var each = Math.Min(mostPerClass, images.CountPerClass(Classes.Count).Min());
        var taken = new int[Classes.Count];
        return images.Take([.. Enumerable.Range(0, images.Count).Where(i => taken[images.Labels[i]]++ < each)]);
    }
}

/// <summary>A proxy for Wake Vision out of CIFAR-10: is there a living thing, rather than: is there a person. The images are turned grey and
/// enlarged to 96×96, so the model and its work are the same, but not what it learns.</summary>
public static class LivingThings
{
    public static readonly IReadOnlyList<string> Classes = ["object", "living"];
    static readonly HashSet<string> Living = ["bird", "cat", "deer", "dog", "frog", "horse"];
    const int Scale = PersonImages.Side / CifarBinary.Side;

    /// <param name="mostTrainPerClass">Wake Vision's own subset has 2,500.</param>
    /// <param name="mostTestPerClass">And 500.</param>
    public static ImageDataSet FromCifar10(ImageDataSet cifar, int mostTrainPerClass = 2500, int mostTestPerClass = 500)
    {
        var train = Convert(PersonImages.Balance(Relabel(cifar.Train), mostTrainPerClass));
        var test = Convert(PersonImages.Balance(Relabel(cifar.Test), mostTestPerClass));
        return new(train, test, Classes, cifar.Provenance with
        {
            Tier = DataTier.Proxy,
            Statement = "A proxy, not Wake Vision: living things against objects in " +
                $"{train.Count} + {test.Count} images. {cifar.Provenance.Statement}",
        });
    }

    static LabelledImages Relabel(LabelledImages images) => new(images.Pixels,
        Array.ConvertAll(images.Labels, l => (byte)(Living.Contains(Cifar10.Classes[l]) ? 1 : 0)), images.Channels, images.Height, images.Width);

    static LabelledImages Convert(LabelledImages images)
    {
        const int pixels = PersonImages.Side * PersonImages.Side;
        var enlarged = new byte[images.Count * pixels];
        Parallel.For(0, images.Count, i => Enlarge(Grey(images.Image(i)), enlarged.AsSpan(i * pixels, pixels)));
        return new(enlarged, images.Labels, 1, PersonImages.Side, PersonImages.Side);
    }

    // Rec. 601 luma, in thousandths.
    static byte[] Grey(ReadOnlySpan<byte> rgb)
    {
        const int plane = CifarBinary.Side * CifarBinary.Side;
        var grey = new byte[plane];
        for (var p = 0; p < plane; p++) grey[p] = (byte)((299 * rgb[p] + 587 * rgb[plane + p] + 114 * rgb[2 * plane + p] + 500) / 1000);
        return grey;
    }

    // Bilinear between pixel centres. With a scale of three every weight is a third, so whole numbers give the exact result.
    static void Enlarge(byte[] small, Span<byte> large)
    {
        for (var y = 0; y < PersonImages.Side; y++)
        {
            var (top, bottom, yWeight) = Neighbours(y);
            for (var x = 0; x < PersonImages.Side; x++)
            {
                var (left, right, xWeight) = Neighbours(x);
                var above = (Scale - xWeight) * At(top, left) + xWeight * At(top, right);
                var below = (Scale - xWeight) * At(bottom, left) + xWeight * At(bottom, right);
                large[y * PersonImages.Side + x] = (byte)(((Scale - yWeight) * above + yWeight * below + Scale * Scale / 2) / (Scale * Scale));
            }
        }

        int At(int y, int x) => small[y * CifarBinary.Side + x];
    }

    // Output pixel i looks at position (i + 1/2) / 3 - 1/2 of the input: a whole number of thirds.
    static (int First, int Second, int WeightOfSecond) Neighbours(int i)
    {
        var thirds = i - 1;
        var first = Math.DivRem(thirds + Scale, Scale, out var weight) - 1;
        return (Math.Max(first, 0), Math.Min(first + 1, CifarBinary.Side - 1), weight);
    }
}
