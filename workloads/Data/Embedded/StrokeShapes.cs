namespace MlPerfEdu.Data;

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
        (width * Turns.Sin(turns), y - height * Turns.Cos(turns));

    static (double X, double Y)[] Curve(int segments, Func<double, (double, double)> point)
    {
        var points = new (double X, double Y)[segments + 1];
        for (var i = 0; i <= segments; i++) points[i] = point(i / (double)segments);
        return points;
    }
}
