namespace MlPerfEdu.Data.Tests;

public class SyntheticScenesTests
{
    [Fact]
    public void Are_the_pinned_bytes_in_the_shape_of_wake_vision()
    {
        var set = Embedded.Scenes.Value;
        Assert.Equal((1, 96, 96), (set.Train.Channels, set.Train.Height, set.Train.Width));
        Assert.Equal([2500, 2500], set.Train.CountPerClass(2));
        Assert.Equal([500, 500], set.Test.CountPerClass(2));
        Assert.Equal(DataTier.Embedded, set.Provenance.Tier);
    }

    [Fact]
    public void Pixels_alone_do_not_tell_the_classes_apart()
    {
        var set = Embedded.Scenes.Value;
        Assert.InRange(Baselines.NearestMean(set.Train, set.Test, 2), 0.45, 0.65);
    }

    [Fact]
    public void Brightness_and_busyness_do_not_either()
    {
        var set = Embedded.Scenes.Value;
        Assert.InRange(Baselines.NearestMean(Summaries(set.Train), Summaries(set.Test), 2), 0.45, 0.65);
    }

    // Mean, spread and mean step between neighbours of each image.
    static LabelledImages Summaries(LabelledImages images)
    {
        var pixels = new byte[images.Count * 3];
        for (var i = 0; i < images.Count; i++)
        {
            var image = images.Image(i);
            double sum = 0, squares = 0, steps = 0;
            for (var p = 0; p < image.Length; p++)
            {
                sum += image[p];
                squares += image[p] * image[p];
                if (p > 0) steps += Math.Abs(image[p] - image[p - 1]);
            }
            var mean = sum / image.Length;
            pixels[i * 3] = (byte)mean;
            pixels[i * 3 + 1] = (byte)Math.Min(255, 3 * Math.Sqrt(squares / image.Length - mean * mean));
            pixels[i * 3 + 2] = (byte)Math.Min(255, 10 * steps / image.Length);
        }
        return new(pixels, images.Labels, 1, 1, 3);
    }
}
