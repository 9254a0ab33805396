using MlPerfEdu.Data;

namespace MlPerfEdu.Workloads.Cloud.MicroRl;

/// <summary>Plays episodes with a policy and keeps what was seen, done and earned, one action after another.</summary>
sealed class Episodes(CartPole pole, int longest, double discount)
{
    readonly List<float> states = [], returns = [];
    readonly List<long> actions = [];

    public int Actions => actions.Count;

    public float[] States => [.. states];

    public long[] Chosen => [.. actions];

    /// <summary>What followed each action until its episode's end, later rewards discounted.</summary>
    public float[] Returns => [.. returns];

    public void Clear()
    {
        states.Clear();
        actions.Clear();
        returns.Clear();
    }

    /// <summary>One episode: until the pole falls, or as long as an episode may last.</summary>
    /// <returns>The reward: one for every action.</returns>
    public int Play(SingleState policy, ref Xoshiro random, int most)
    {
        Span<float> state = stackalloc float[CartPole.Observed];
        var begun = actions.Count;
        pole.Start(ref random);
        while (!pole.HasFallen && actions.Count - begun < Math.Min(longest, most))
        {
            pole.Observe(state);
            states.AddRange(state);
            var right = random.Uniform() < ChanceOfRight(policy.Ask(state));
            actions.Add(right ? 1 : 0);
            pole.Push(right);
        }
        AddReturns(actions.Count - begun);
        return actions.Count - begun;
    }

    // The second of two softmax outputs.
    static double ChanceOfRight(ReadOnlySpan<float> logits) => 1 / (1 + Math.Exp(logits[0] - logits[1]));

    void AddReturns(int count)
    {
        var earned = new float[count];
        var sum = 0.0;
        for (var t = count - 1; t >= 0; t--)
        {
            sum = 1 + discount * sum;
            earned[t] = (float)sum;
        }
        returns.AddRange(earned);
    }
}
