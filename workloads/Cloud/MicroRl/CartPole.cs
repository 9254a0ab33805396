using MlPerfEdu.Catalog;
using MlPerfEdu.Data;

namespace MlPerfEdu.Workloads.Cloud.MicroRl;

/// <summary>
/// A pole on a cart that is pushed left or right (Barto, Sutton and Anderson, 1983). A push lasts one step of Euler's method:
/// positions move by the speeds before it.
/// </summary>
public sealed class CartPole(Geometry geometry)
{
    public const int Observed = 4;

    readonly double gravity = geometry.Number("gravity");
    readonly double poleMass = geometry.Number("pole_mass");
    readonly double totalMass = geometry.Number("cart_mass") + geometry.Number("pole_mass");
    readonly double halfLength = geometry.Number("half_length");
    readonly double force = geometry.Number("force");
    readonly double seconds = geometry.Number("step_seconds");
    readonly double farthest = geometry.Number("farthest_metres");
    readonly double steepest = geometry.Number("steepest_degrees") * Math.PI / 180;
    readonly double startSpread = geometry.NumberOrZero("start_spread");

    public double Position { get; private set; }

    public double Speed { get; private set; }

    /// <summary>Of the pole from upright, in radians.</summary>
    public double Angle { get; private set; }

    public double Turn { get; private set; }

    public bool HasFallen => Math.Abs(Position) > farthest || Math.Abs(Angle) > steepest;

    public void Place(double position, double speed, double angle, double turn) =>
        (Position, Speed, Angle, Turn) = (position, speed, angle, turn);

    /// <summary>Nearly upright and nearly still, but never quite.</summary>
    public void Start(ref Xoshiro random)
    {
        Position = random.Uniform(-startSpread, startSpread);
        Speed = random.Uniform(-startSpread, startSpread);
        Angle = random.Uniform(-startSpread, startSpread);
        Turn = random.Uniform(-startSpread, startSpread);
    }

    public void Push(bool right)
    {
        var (sin, cos) = Math.SinCos(Angle);
        var push = ((right ? force : -force) + poleMass * halfLength * Turn * Turn * sin) / totalMass;
        var angular = (gravity * sin - cos * push) / (halfLength * (4.0 / 3 - poleMass * cos * cos / totalMass));
        var linear = push - poleMass * halfLength * angular * cos / totalMass;
        Position += seconds * Speed;
        Speed += seconds * linear;
        Angle += seconds * Turn;
        Turn += seconds * angular;
    }

    public void Observe(Span<float> observation) =>
        (observation[0], observation[1], observation[2], observation[3]) = ((float)Position, (float)Speed, (float)Angle, (float)Turn);
}
