namespace MlPerfEdu.Data.Tests;

public class SyntheticFiguresTests
{
    [Fact]
    public void Are_the_pinned_bytes_in_the_shape_of_cifar()
    {
        var set = Embedded.Figures.Value;
        Assert.Equal((3, 32, 32), (set.Train.Channels, set.Train.Height, set.Train.Width));
        Assert.Equal([1600, 1600, 1600, 1600, 1600], set.Train.CountPerClass(5));
        Assert.Equal([200, 200, 200, 200, 200], set.Test.CountPerClass(5));
        Assert.Equal(DataTier.Embedded, set.Provenance.Tier);
    }

    [Fact]
    public void No_image_is_there_twice() => Assert.Equal(
        9000, new[] { Embedded.Figures.Value.Train, Embedded.Figures.Value.Test }.SelectMany(images => Enumerable.Range(0, images.Count).Select(i => Convert.ToBase64String(images.Image(i)))).Distinct().Count());

    // Edges between even places: of a Gaussian image's differences the fourth moment is three squared variances.
    [Fact]
    public void Neighbours_are_nothing_like_gaussian()
    {
        var images = Embedded.Figures.Value.Test;
        double squares = 0, fourths = 0, count = 0;
        for (var i = 0; i < images.Count; i++)
        {
            var image = images.Image(i);
            for (var p = 1; p < image.Length; p++)
            {
                if (p % 32 == 0) continue;
                var square = Math.Pow(image[p] - image[p - 1], 2);
                (squares, fourths, count) = (squares + square, fourths + square * square, count + 1);
            }
        }
        Assert.InRange(fourths / count / Math.Pow(squares / count, 2), 20, 200);
    }

    [Fact]
    public void An_image_is_as_likely_as_its_mirror_image()
    {
        var images = Embedded.Figures.Value.Train;
        var halves = new double[2];
        for (var i = 0; i < images.Count; i++)
        {
            var image = images.Image(i);
            for (var p = 0; p < image.Length; p++) halves[p % 32 / 16] += image[p];
        }
        Assert.InRange(halves[0] / halves[1], 0.995, 1.005);
    }
}
