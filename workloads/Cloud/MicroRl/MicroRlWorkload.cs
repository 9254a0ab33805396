using MlPerfEdu.Data;
using MlPerfEdu.Generator;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Workloads.Training;
using static TorchSharp.torch;

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
