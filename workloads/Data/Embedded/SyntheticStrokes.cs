namespace MlPerfEdu.Data;

/// <summary>
/// Handwriting-like figures in MNIST's shape: 28×28 grey bytes, ten classes, as many of each. Class 0, a ring, is the normal one
/// for anomaly detection; three of the others are rings with one flaw, so that telling them apart is learnable but never perfect.
/// </summary>
public static class SyntheticStrokes
{
    public const int Side = 28;

    public static ImageDataSet Generate(GeneratorSettings settings) => new(
        Split(settings, 0, settings.Train), Split(settings, 1, settings.Test), StrokeShapes.Names, settings.Provenance());

    static LabelledImages Split(GeneratorSettings settings, int split, int count)
    {
        var pixels = new byte[count * Side * Side];
        var labels = new byte[count];
        Parallel.For(0, count, settings.Parallel, i =>
        {
            var random = Xoshiro.ForSample(settings.Seed, split, i);
            labels[i] = (byte)(i % StrokeShapes.Names.Length);
            Draw(labels[i], ref random, pixels.AsSpan(i * Side * Side, Side * Side));
        });
        return new(pixels, labels, 1, Side, Side);
    }

    static void Draw(int figure, ref Xoshiro random, Span<byte> image)
    {
        var points = StrokeShapes.Draw(figure, ref random);
        Distort(points, ref random);
        var canvas = new Canvas(Side, Side);
        var thickness = random.Uniform(1.1, 1.6);
        for (var i = 1; i < points.Length; i++) canvas.Line(points[i - 1], points[i], thickness, 1);
        var ink = random.Uniform(0.8, 1);
        for (var i = 0; i < image.Length; i++)
            image[i] = Canvas.ToByte(canvas.Values[i] * ink + (canvas.Values[i] > 0 ? 0.05 * random.Bell() : 0));
    }

    // A hand's variation: size, slant, turn, place, and a wobble along the stroke; then from the unit square to pixels.
    static void Distort((double X, double Y)[] points, ref Xoshiro random)
    {
        var (width, height) = (random.Uniform(6.5, 9.5), random.Uniform(7.5, 10));
        var slant = 0.15 * random.Bell();
        var turn = 0.02 * random.Bell();
        var (sin, cos) = (Turns.Sin(turn), Turns.Cos(turn));
        var (x0, y0) = (13.5 + random.Bell(), 13.5 + random.Bell());
        var (wobble, phase) = (0.03 * random.Bell(), random.Uniform());
        for (var i = 0; i < points.Length; i++)
        {
            var (x, y) = points[i];
            x += wobble * Turns.Sin(phase + 0.4 * y);
            y += wobble * Turns.Sin(phase + 0.4 * x);
            x -= slant * y;
            points[i] = (x0 + width * (cos * x - sin * y), y0 + height * (sin * x + cos * y));
        }
    }
}
