using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.NanoMoe;

/// <summary>Learns to predict the next character of a text from those before it.</summary>
[Workload("nano-moe-train")]
public sealed class NanoMoeWorkload : NextCharacterWorkload
{
    // Enough that every expert gets many tokens.
    const int EvaluationBatch = 32;

    // Products of other sizes round differently; a logit of a model that sees later characters changes by a thousand times as much.
    const float Rounding = 1e-5f;
    const int CheckedSeed = 1;

    readonly NanoMoeGeometry geometry;

    public NanoMoeWorkload(WorkloadSetup setup) : base(setup, NanoMoeGeometry.From(setup.Entry.Geometry).Vocabulary, EvaluationBatch) =>
        geometry = NanoMoeGeometry.From(Entry.Geometry);

    protected internal override Module<Tensor, Tensor> BuildModel() => new NanoMoeModel(geometry);

    protected internal override SupervisedFusedStep Fuse(Module<Tensor, Tensor> model, int batch, int? threads = null) =>
        new FusedNanoMoe((NanoMoeModel)model, Text.Train, Window, batch, threads);

    protected internal override Scores Evaluate(Module<Tensor, Tensor> model, CancellationToken stop = default)
    {
        var usage = new ExpertUsage(geometry);
        return Score(input => usage.Watch((NanoMoeModel)model, input), usage.Metrics(), stop);
    }

    public override IReadOnlyList<Invariant> CheckInvariants()
    {
        using var model = new NanoMoeModel(geometry);
        random.manual_seed(CheckedSeed);
        return [.. base.CheckInvariants(), CheckCausality(model, Rounding), .. RoutingChecks.Of(model, Window)];
    }
}

/// <summary>How many tokens each expert of each layer gets.</summary>
sealed class ExpertUsage(NanoMoeGeometry geometry)
{
    readonly long[][] counts = [.. Enumerable.Range(0, geometry.Layers).Select(_ => new long[geometry.Experts])];

    /// <summary>The model's logits for a batch, whose tokens are counted by expert.</summary>
    public Tensor Watch(NanoMoeModel model, Tensor input) => model.Predict(input, (layer, ids) =>
    {
        using var found = ids.view(-1).bincount(null, geometry.Experts);
        foreach (var (e, count) in found.data<long>().ToArray().Index()) counts[layer][e] += count;
    });

    /// <summary>
    /// The layer whose experts are used least evenly: the largest share of an expert times their number (1 is even), the smallest likewise, and the
    /// entropy of the shares over that of even ones.
    /// </summary>
    public IEnumerable<KeyValuePair<string, double>> Metrics()
    {
        var shares = counts.Select(layer => layer.Select(count => (double)count * geometry.Experts / layer.Sum()).ToArray()).ToArray();
        yield return new("expert_load_largest", shares.Max(layer => layer.Max()));
        yield return new("expert_load_smallest", shares.Min(layer => layer.Min()));
        yield return new("expert_entropy", shares.Min(Entropy));
        yield return new("experts_idle", shares.Sum(layer => layer.Count(share => share < 0.01)));
    }

    double Entropy(double[] shares) =>
        -shares.Where(share => share > 0).Sum(share => share / shares.Length * Math.Log(share / shares.Length)) / Math.Log(shares.Length);
}

/// <summary>What must be true of a router.</summary>
static class RoutingChecks
{
    // Of a sum of a few probabilities in fp32.
    const double Rounding = 1e-6;

    public static IEnumerable<Invariant> Of(NanoMoeModel model, int tokens)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var sizes = model.Geometry;
        var (weights, ids) = model.Layers[0].Mixture.Route(randn(tokens, sizes.Width));
        var distance = (weights.sum(1) - 1).abs().max().item<float>();
        var routed = ids.view(-1).bincount(null, sizes.Experts).sum().item<long>();
        var different = (ids.sort(1).Values.diff(dim: 1) > 0).all().item<bool>();
        return
        [
            new("the weights of a token's experts add up to 1", distance <= Rounding, FormattableString.Invariant($"at most {distance:0.0e0} away")),
            new("every token goes to as many different experts as the geometry says", routed == (long)tokens * sizes.Chosen && different,
                $"{routed} choices of {tokens} tokens"),
        ];
    }
}
