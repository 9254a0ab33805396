using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.MicroRl;

/// <summary>Holds <see cref="SingleState"/> against libtorch on states of every size that can occur.</summary>
static class SingleStateCheck
{
    public const float Tolerance = 1e-5f;

    const int States = 64;

    public static float LargestDifference(TanhNetwork network)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var states = randn([States, CartPole.Observed], generator: new torch.Generator(7)) * 3;
        var expected = network.forward(states).data<float>().ToArray();
        var alone = new SingleState(network);
        var rows = states.data<float>().ToArray();
        var largest = 0f;
        for (var state = 0; state < States; state++)
        {
            var answers = alone.Ask(rows.AsSpan(state * CartPole.Observed, CartPole.Observed));
            for (var i = 0; i < answers.Length; i++)
                largest = Math.Max(largest, Math.Abs(answers[i] - expected[state * answers.Length + i]));
        }
        return largest;
    }
}
