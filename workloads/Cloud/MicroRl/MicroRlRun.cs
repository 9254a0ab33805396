using MlPerfEdu.Data;
using MlPerfEdu.Generator;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Workloads.Inference;
using MlPerfEdu.Workloads.Training;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.MicroRl;

/// <summary>One policy learning from one seed: a step plays episodes and updates the networks once from all of their actions.</summary>
sealed class MicroRlRun : ITrainingRun, IRunningStep
{
    /// <summary>The reward is judged over so many episodes.</summary>
    public const int Judged = 100;

    readonly TanhNetwork policy, value;
    readonly SingleState decide;
    readonly FlatAdamW optimizer;
    readonly Episodes episodes;
    readonly Queue<int> rewards = new();
    readonly int batch, longest;
    Xoshiro random;

    public MicroRlRun(MicroRlWorkload workload, Recipe recipe, int batch, int seed)
    {
        manual_seed(seed);
        (policy, value) = workload.BuildNetworks();
        decide = new SingleState(policy);
        optimizer = FlatAdamW.Of([.. policy.parameters(), .. value.parameters()], recipe);
        (this.batch, longest) = (batch, workload.LongestEpisode);
        episodes = new Episodes(workload.BuildPole(), longest, recipe.Discount ?? 1);
        random = new Xoshiro((ulong)seed);
        Count = workload.Count(batch);
    }

    public StepCount Count { get; }

    public float Step(double learningRate)
    {
        optimizer.LearningRate = learningRate;
        episodes.Clear();
        for (var played = 0; played < batch; played++) Remember(episodes.Play(decide, ref random, longest));
        return Update();
    }

    // Episodes grow as the policy learns. What is timed is the longest: where the pole falls before its end, another begins.
    void IRunningStep.Step()
    {
        episodes.Clear();
        while (episodes.Actions < batch * longest) episodes.Play(decide, ref random, batch * longest - episodes.Actions);
        Update();
    }

    float Update()
    {
        using var scope = NewDisposeScope();
        var states = AlignedTensor.Of(episodes.States, episodes.Actions, CartPole.Observed);
        var loss = PolicyLoss.Of(
            policy.call(states), value.call(states).squeeze(1), tensor(episodes.Chosen), AlignedTensor.Of(episodes.Returns, episodes.Actions));
        loss.backward();
        optimizer.Step();
        decide.Refresh();
        return loss.item<float>();
    }

    void Remember(int reward)
    {
        rewards.Enqueue(reward);
        if (rewards.Count > Judged) rewards.Dequeue();
    }

    // Until as many episodes were played, those that are missing earned nothing.
    public Scores Evaluate(CancellationToken stop) => new(
        new Dictionary<string, double> { ["mean_reward"] = rewards.Sum() / (double)Judged },
        new Dictionary<string, double> { ["least reward"] = rewards.Min(), ["largest reward"] = rewards.Max() },
        rewards.Count);

    public void Dispose()
    {
        optimizer.Dispose();
        policy.Dispose();
        value.Dispose();
    }
}
