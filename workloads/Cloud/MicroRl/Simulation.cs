using System.Runtime.InteropServices;

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

/// <summary>How likely a policy pushes to the right.</summary>
delegate double ChanceOfRight(ReadOnlySpan<float> state);

/// <summary>Plays episodes with a policy and keeps what was seen, done and earned, one action after another.</summary>
sealed class Episodes(CartPole pole, int longest, double discount)
{
    readonly List<float> states = [], returns = [];
    // What the longest episode earns, later rewards discounted.
    readonly double mostEarned = Enumerable.Range(0, longest).Aggregate(0.0, (sum, _) => 1 + discount * sum);
    readonly List<long> actions = [];

    public int Actions => actions.Count;

    public ReadOnlySpan<float> States => CollectionsMarshal.AsSpan(states);

    public ReadOnlySpan<long> Chosen => CollectionsMarshal.AsSpan(actions);

    /// <summary>
    /// What followed each action until its episode's end, later rewards discounted, as a share of the most that an episode can earn.
    /// A value network starts near zero, and soon learns such shares; sums of rewards, a hundred times as large, take it most of a run.
    /// </summary>
    public ReadOnlySpan<float> Returns => CollectionsMarshal.AsSpan(returns);

    public void Clear()
    {
        states.Clear();
        actions.Clear();
        returns.Clear();
    }

    /// <summary>One episode: until the pole falls, or as long as an episode may last.</summary>
    /// <returns>The reward: one for every action.</returns>
    public int Play(ChanceOfRight decide, ref Xoshiro random, int most)
    {
        Span<float> state = stackalloc float[CartPole.Observed];
        var begun = actions.Count;
        pole.Start(ref random);
        while (!pole.HasFallen && actions.Count - begun < Math.Min(longest, most))
        {
            pole.Observe(state);
            states.AddRange(state);
            var right = random.Uniform() < decide(state);
            actions.Add(right ? 1 : 0);
            pole.Push(right);
        }
        AddReturns(actions.Count - begun);
        return actions.Count - begun;
    }

    void AddReturns(int count)
    {
        CollectionsMarshal.SetCount(returns, actions.Count);
        var earned = CollectionsMarshal.AsSpan(returns)[^count..];
        var sum = 0.0;
        for (var t = count - 1; t >= 0; t--)
        {
            sum = 1 + discount * sum;
            earned[t] = (float)(sum / mostEarned);
        }
    }
}

/// <summary>The rewards of the last hundred episodes.</summary>
sealed class Rewards
{
    public const int Judged = 100;

    readonly Queue<int> last = new();

    public void Add(int reward)
    {
        last.Enqueue(reward);
        if (last.Count > Judged) last.Dequeue();
    }

    // Until as many episodes were played, those that are missing earned nothing.
    public Scores Score() => new(
        new Dictionary<string, double> { ["mean_reward"] = last.Sum() / (double)Judged },
        new Dictionary<string, double> { ["least reward"] = last.Min(), ["largest reward"] = last.Max() },
        last.Count);
}
