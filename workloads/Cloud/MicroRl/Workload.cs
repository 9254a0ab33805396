using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.MicroRl;

/// <summary>Learns to keep a pole upright by trying.</summary>
[Workload("micro-rl-train")]
public sealed class MicroRlWorkload(WorkloadSetup setup) : ITrainingWorkload, ITrainedByTheBook
{
    const int Actions = 2;

    readonly WorkloadEntry entry = setup.Entry;
    readonly Recipe recipe = setup.Recipe;

    public Provenance Data { get; } = setup.Simulation();

    public int Batch => recipe.Batch;

    public int TrainingSamples => recipe.Batch * recipe.BatchesPerEpoch * recipe.Epochs;

    public int EvaluationSamples => Rewards.Judged;

    internal int LongestEpisode => entry.Geometry.Int("longest_episode");

    public long Parameters
    {
        get
        {
            var (policy, value) = BuildNetworks();
            using (policy)
            using (value)
                return policy.parameters().Concat(value.parameters()).Sum(parameter => parameter.numel());
        }
    }

    internal CartPole BuildPole() => new(entry.Geometry);

    internal (TanhNetwork Policy, TanhNetwork Value) BuildNetworks() =>
        (new TanhNetwork([CartPole.Observed, .. Hidden, Actions]), new TanhNetwork([CartPole.Observed, .. Hidden, 1]));

    IReadOnlyList<int> Hidden => entry.Geometry.Ints("hidden");

    public ITrainingRun Begin(int seed) => new MicroRlRun(this, recipe, recipe.Batch, seed);

    public IRunningStep Prepare(int batch) => new MicroRlRun(this, recipe, batch, seed: 0);

    public ITrainingRun BeginByTheBook(int seed) => new MicroRlBook(this, recipe, recipe.Batch, seed);

    public IBookStep PrepareByTheBook(int batch) => new MicroRlBook(this, recipe, batch, seed: 0);

    /// <summary>A step of the longest episodes: each action decided alone, by our own kernel, then one update from all of them.</summary>
    internal StepCount Count(int batch) => ModuleCounter.Count(batch * LongestEpisode, counter =>
    {
        var (policy, value) = BuildNetworks();
        counter.Watch(policy, "policy");
        counter.Watch(value, "value");
        var actions = batch * LongestEpisode;
        var states = zeros(actions, CartPole.Observed);
        counter.OwnKernel("decide", () => policy.call(states));
        PolicyLoss.Of(policy.call(states), value.call(states).squeeze(1), zeros(actions, int64), zeros(actions));
        if (recipe.ClipNorm > 0) counter.ClipGradientNorm(UpdateStyle.Flat);
        counter.AdamW(UpdateStyle.Flat);
    });

    public IReadOnlyList<Invariant> CheckInvariants()
    {
        var (policy, value) = BuildNetworks();
        using (policy)
        using (value)
            return Check(SingleStateCheck.LargestDifference(policy));
    }

    // As many episodes as are judged, whose actions are tosses of a coin.
    public IReadOnlyDictionary<string, double> TrivialAnswers
    {
        get
        {
            var (episodes, rewards, random) = (new Episodes(BuildPole(), LongestEpisode, recipe.Discount ?? 1), new Rewards(), new Xoshiro(1));
            for (var played = 0; played < Rewards.Judged; played++) rewards.Add(episodes.Play(_ => 0.5, ref random, LongestEpisode));
            return new Dictionary<string, double> { ["mean_reward_coin"] = rewards.Score().Metrics["mean_reward"] };
        }
    }

    IReadOnlyList<Invariant> Check(float difference) =>
        [
            new("parameters match workloads.yaml", Parameters == entry.Params, $"{Parameters} built, {entry.Params} declared"),
            new("parameters match the layer count", Parameters == Count(Batch).Parameters,
                $"{Parameters} built, {Count(Batch).Parameters} counted"),
            new("deciding alone equals the network", difference <= SingleStateCheck.Tolerance,
                $"largest difference of a logit {difference:g2}, at most {SingleStateCheck.Tolerance:g1}"),
        ];

    public void Dispose()
    {
    }
}

/// <summary>One policy learning from one seed: a step plays episodes and updates the networks once from all of their actions.</summary>
sealed class MicroRlRun : ITrainingRun, IRunningStep
{
    readonly TanhNetwork policy, value;
    readonly SingleState policyAlone;
    readonly ChanceOfRight decide;
    readonly FusedPolicyStep fused;
    readonly FlatAdamW optimizer;
    readonly Episodes episodes;
    readonly Rewards rewards = new();
    readonly int batch, longest;
    Xoshiro random;

    public MicroRlRun(MicroRlWorkload workload, Recipe recipe, int batch, int seed)
    {
        manual_seed(seed);
        (policy, value) = workload.BuildNetworks();
        policyAlone = new SingleState(policy);
        decide = policyAlone.ChanceOfRight;
        (this.batch, longest) = (batch, workload.LongestEpisode);
        fused = new FusedPolicyStep(policy, value, batch * longest);
        optimizer = FlatAdamW.Of([.. policy.parameters(), .. value.parameters()], recipe, fused.Gradients);
        episodes = new Episodes(workload.BuildPole(), longest, recipe.Discount ?? 1);
        random = new Xoshiro((ulong)seed);
        Count = FusedStep.Count(workload.Count(batch));
    }

    public StepCount Count { get; }

    public float Step(double learningRate)
    {
        optimizer.LearningRate = learningRate;
        episodes.Clear();
        for (var played = 0; played < batch; played++) rewards.Add(episodes.Play(decide, ref random, longest));
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
        var loss = fused.Backward(episodes);
        optimizer.Step();
        policyAlone.Refresh();
        return loss;
    }

    public Scores Evaluate(CancellationToken stop) => rewards.Score();

    public void Dispose()
    {
        optimizer.Dispose();
        fused.Dispose();
        policy.Dispose();
        value.Dispose();
    }
}
