namespace MlPerfEdu.Data;

/// <summary>Images of one size, stored one after the other as channels × height × width bytes, with one label each.</summary>
public sealed record LabelledImages
{
    public LabelledImages(byte[] pixels, byte[] labels, int channels, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(pixels.LongLength, (long)labels.Length * channels * height * width);
        (Pixels, Labels, Channels, Height, Width) = (pixels, labels, channels, height, width);
    }

    public byte[] Pixels { get; }
    public byte[] Labels { get; }
    public int Channels { get; }
    public int Height { get; }
    public int Width { get; }

    public int Count => Labels.Length;
    public int PixelsPerImage => Channels * Height * Width;

    public ReadOnlySpan<byte> Image(int index) => Pixels.AsSpan(index * PixelsPerImage, PixelsPerImage);

    /// <summary>The images at these positions, in this order.</summary>
    public LabelledImages Take(IReadOnlyList<int> positions)
    {
        var pixels = new byte[(long)positions.Count * PixelsPerImage];
        var labels = new byte[positions.Count];
        for (var i = 0; i < positions.Count; i++)
        {
            Image(positions[i]).CopyTo(pixels.AsSpan(i * PixelsPerImage));
            labels[i] = Labels[positions[i]];
        }
        return new(pixels, labels, Channels, Height, Width);
    }

    /// <summary>All images of several sets, one set after the other.</summary>
    public static LabelledImages Join(IReadOnlyList<LabelledImages> sets)
    {
        var pixels = new byte[sets.Sum(s => s.Pixels.LongLength)];
        var labels = new byte[sets.Sum(s => s.Count)];
        var (image, pixel) = (0, 0L);
        foreach (var set in sets)
        {
            set.Pixels.CopyTo(pixels, pixel);
            set.Labels.CopyTo(labels, image);
            (image, pixel) = (image + set.Count, pixel + set.Pixels.LongLength);
        }
        return new(pixels, labels, sets[0].Channels, sets[0].Height, sets[0].Width);
    }

    public int[] CountPerClass(int classes)
    {
        var counts = new int[classes];
        foreach (var label in Labels) counts[label]++;
        return counts;
    }
}

/// <summary>Training images and the images that are only ever scored.</summary>
public sealed record ImageDataSet(LabelledImages Train, LabelledImages Test, IReadOnlyList<string> Classes, Provenance Provenance);
