using MlPerfEdu.Engine.Inference;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.MicroRl;

/// <summary>The same episodes and updates by the book: every action asks the network through the package.</summary>
sealed class MicroRlBook : ITrainingRun, IBookStep
{
    readonly TanhNetwork policy, value;
    readonly Parameter[] parameters;
    readonly optim.Optimizer optimizer;
    readonly Episodes episodes;
    readonly Rewards rewards = new();
    readonly int batch, longest;
    readonly double clipNorm;
    Xoshiro random;

    public MicroRlBook(MicroRlWorkload workload, Recipe recipe, int batch, int seed)
    {
        manual_seed(seed);
        (policy, value) = workload.BuildNetworks();
        Book.Plain(policy);
        Book.Plain(value);
        parameters = [.. policy.parameters(), .. value.parameters()];
        optimizer = Book.Optimizer(parameters, recipe);
        (this.batch, longest, clipNorm) = (batch, workload.LongestEpisode, recipe.ClipNorm);
        episodes = new Episodes(workload.BuildPole(), longest, recipe.Discount ?? 1);
        random = new Xoshiro((ulong)seed);
    }

    public float Step(double learningRate)
    {
        Book.SetLearningRate(optimizer, learningRate);
        episodes.Clear();
        for (var played = 0; played < batch; played++) rewards.Add(episodes.Play(ChanceOfRight, ref random, longest));
        return Update();
    }

    void IBookStep.Step()
    {
        episodes.Clear();
        while (episodes.Actions < batch * longest) episodes.Play(ChanceOfRight, ref random, batch * longest - episodes.Actions);
        Update();
    }

    double ChanceOfRight(ReadOnlySpan<float> state)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        return policy.call(AlignedTensor.Of(state, 1, CartPole.Observed)).softmax(1)[0, 1].item<float>();
    }

    float Update()
    {
        using var scope = NewDisposeScope();
        var states = AlignedTensor.Of(episodes.States, episodes.Actions, CartPole.Observed);
        var loss = PolicyLoss.Of(
            policy.call(states), value.call(states).squeeze(1), tensor(episodes.Chosen.ToArray()), AlignedTensor.Of(episodes.Returns, episodes.Actions));
        return Book.Update(optimizer, parameters, loss, clipNorm);
    }

    public Scores Evaluate(CancellationToken stop) => rewards.Score();

    public void Dispose()
    {
        optimizer.Dispose();
        policy.Dispose();
        value.Dispose();
    }
}
