namespace MlPerfEdu.Data;

/// <summary>
/// Figures of eight colours that cover one another, in CIFAR-10's layout: 32×32, planes of red, green and blue. Their edges are sharp, their inside is
/// even, and a colour is dark or light and nothing between, none of which mean and covariance can tell. An image and its mirror image are equally likely.
/// </summary>
public static class SyntheticFigures
{
    const int Side = CifarBinary.Side, Colours = CifarBinary.Channels;

    // Of red, green and blue, where 1 is white; and what a camera adds.
    const double Dark = 0.2, Light = 0.8, Grain = 0.005;

    /// <summary>What the figure in front is.</summary>
    public static readonly IReadOnlyList<string> Classes = ["ellipse", "box", "bar", "ring", "frame"];

    [Reads("synthetic-figures")]
    public static ImageDataSet Load(DataResolution data) => Generators.Checked(data, Generate(GeneratorSettings.Of(data)));

    public static ImageDataSet Generate(GeneratorSettings settings) => Generators.Images(settings, Side, Classes, Draw, Colours);

    static void Draw(int label, ref Xoshiro random, Span<byte> image)
    {
        Canvas[] planes = [new(Side, Side), new(Side, Side), new(Side, Side)];
        foreach (var plane in planes) Array.Fill(plane.Values, Ink(ref random));
        for (var behind = 1 + random.Below(3); behind > 0; behind--) Figure(planes, random.Below(Classes.Count), ref random);
        Figure(planes, label, ref random);
        for (var i = 0; i < image.Length; i++)
            image[i] = Canvas.ToByte(planes[i / (Side * Side)].Values[i % (Side * Side)] + Grain * random.Bell());
    }

    static double Ink(ref Xoshiro random) => random.Chance(0.5) ? Light : Dark;

    static void Figure(Canvas[] planes, int kind, ref Xoshiro random)
    {
        var (x, y) = (random.Uniform(4, Side - 4), random.Uniform(4, Side - 4));
        var (w, h) = (random.Uniform(3, 10), random.Uniform(3, 10));
        var (toX, toY, width, inner) = (random.Uniform(2, Side - 2), random.Uniform(2, Side - 2), random.Uniform(0.7, 2.5), random.Uniform(0.4, 0.7));
        foreach (var plane in planes)
        {
            var (ink, inside) = (Ink(ref random), Ink(ref random));
            switch (kind)
            {
                case 0: plane.Ellipse(x, y, w, h, ink); break;
                case 1: plane.Box(x - w, y - h, x + w, y + h, ink); break;
                case 2: plane.Line((x, y), (toX, toY), width, ink); break;
                case 3:
                    plane.Ellipse(x, y, w, h, ink);
                    plane.Ellipse(x, y, w * inner, h * inner, inside);
                    break;
                default:
                    plane.Box(x - w, y - h, x + w, y + h, ink);
                    plane.Box(x - w * inner, y - h * inner, x + w * inner, y + h * inner, inside);
                    break;
            }
        }
    }
}
