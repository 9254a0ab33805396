using MlPerfEdu.Catalog;
using MlPerfEdu.Data;
using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Training;
using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Measure;

namespace MlPerfEdu.Workloads.Cloud.MicroRl;

/// <summary>Learns to keep a pole upright by trying.</summary>
[Workload("micro-rl-train")]
public sealed class MicroRlWorkload(WorkloadSetup setup) : ITrainingWorkload
{
    const int Actions = 2;

    readonly WorkloadEntry entry = setup.Entry;
    readonly Recipe recipe = setup.Recipe;

    public Provenance Data { get; } = setup.Simulation();

    public int Batch => recipe.Batch;

    public int EvaluationSamples => MicroRlRun.Judged;

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

    /// <summary>A step of the longest episodes: each action decided alone, by our own kernel, then one update from all of them.</summary>
    internal StepCount Count(int batch)
    {
        var actions = batch * LongestEpisode;
        var counter = new StepCounter(actions, CartPole.Observed)
            .OwnKernel("decide", kernel => CountNetwork(kernel, "decide", Actions))
            .Branch(policy => CountNetwork(policy, "policy", Actions).Softmax("policy log-softmax")
                .Elementwise("advantage", "policy loss", 8, 2));
        CountNetwork(counter, "value", 1).MeanSquaredError("value loss");
        if (recipe.ClipNorm > 0) counter.ClipGradientNorm(UpdateStyle.Flat);
        return counter.AdamW(UpdateStyle.Flat).Build();
    }

    StepCounter CountNetwork(StepCounter counter, string name, int outputs)
    {
        for (var i = 0; i < Hidden.Count; i++) counter.Linear($"{name} linear{i + 1}", Hidden[i]).Tanh($"{name} tanh{i + 1}");
        return counter.Linear($"{name} linear{Hidden.Count + 1}", outputs);
    }

    public IReadOnlyList<Invariant> CheckInvariants()
    {
        var (policy, value) = BuildNetworks();
        using (policy)
        using (value)
            return Check(SingleStateCheck.LargestDifference(policy));
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
