namespace MlPerfEdu.Data;

/// <summary>Handwriting-like figures in MNIST's shape: 28×28 grey bytes, ten classes, equally frequent. Class 0, a ring, is the normal one
/// for anomaly detection; three of the others are rings with one flaw, so that telling them apart is learnable but never perfect.</summary>
public static class SyntheticStrokes
{
    public const int Side = 28;

    [Reads("synthetic-strokes")]
    public static ImageDataSet Load(DataResolution data) => Generators.Checked(data, Generate(GeneratorSettings.Of(data)));
    public static ImageDataSet Generate(GeneratorSettings settings) => Generators.Images(settings, Side, StrokeShapes.Names, Draw);

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
        var (sin, cos) = (Trigonometry.Sin(turn), Trigonometry.Cos(turn));
        var (x0, y0) = (13.5 + random.Bell(), 13.5 + random.Bell());
        var (wobble, phase) = (0.03 * random.Bell(), random.Uniform());
        for (var i = 0; i < points.Length; i++)
        {
            var (x, y) = points[i];
            x += wobble * Trigonometry.Sin(phase + 0.4 * y);
            y += wobble * Trigonometry.Sin(phase + 0.4 * x);
            x -= slant * y;
            points[i] = (x0 + width * (cos * x - sin * y), y0 + height * (sin * x + cos * y));
        }
    }
}

/// <summary>The ten figures of synthetic-strokes, each one polyline in a square from -1 to 1.</summary>
static class StrokeShapes
{
    public static readonly string[] Names = ["ring", "bar", "hook", "arc", "cross", "zigzag", "open-ring", "tailed-ring", "double-ring", "spiral"];

    public static (double X, double Y)[] Draw(int figure, ref Xoshiro random) => figure switch
    {
        0 => Curve(32, t => At(t, 0.62, 1)),
        1 => [(random.Uniform(-0.3, 0.3), -1), (0, 0), (random.Uniform(-0.3, 0.3), 1)],
        2 => [(-0.6, -0.8), (0.6, -0.8), (random.Uniform(-0.3, 0.2), 1)],
        3 => Curve(20, t => At(0.55 * t - 0.05, 0.8, 1)),
        4 => [(-0.7, -0.8), (0.7, 0.8), (0, 0), (0.7, -0.8), (-0.7, 0.8)],
        5 => [(-0.6, -0.9), (0.6, -0.9), (-0.6, random.Uniform(0.6, 0.9)), (0.6, 0.9)],
        6 => Curve(28, Opened(random.Uniform(0.55, 0.7))),
        7 => [.. Curve(24, t => At(t + 0.25, 0.5, 0.5, -0.45)), (0.15, 0.5), (random.Uniform(-0.2, 0.3), 1)],
        8 => Curve(40, t => At(2 * t, t < 0.5 ? 0.48 : 0.55, 0.5, t < 0.5 ? -0.48 : 0.5)),
        _ => Curve(36, t => At(1.8 * t, 0.15 + 0.55 * t, 0.15 + 0.8 * t)),
    };

    static Func<double, (double, double)> Opened(double share) => t => At(share * t, 0.62, 1);

    static (double X, double Y) At(double turns, double width, double height, double y = 0) =>
        (width * Trigonometry.Sin(turns), y - height * Trigonometry.Cos(turns));

    static (double X, double Y)[] Curve(int segments, Func<double, (double, double)> point)
    {
        var points = new (double X, double Y)[segments + 1];
        for (var i = 0; i <= segments; i++) points[i] = point(i / (double)segments);
        return points;
    }
}
