using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.NanoMoe;

/// <summary>Learns to predict the next character of a text from those before it.</summary>
[Workload("nano-moe-train")]
public sealed class NanoMoeWorkload : SupervisedWorkload
{
    // Windows scored at once: enough that every expert gets many tokens.
    const int EvaluationBatch = 32;

    readonly TextDataSet text;
    readonly NanoMoeGeometry geometry;
    readonly int window;
    readonly Tensor trained, scored;
    readonly Lazy<IReadOnlyDictionary<string, double>> trivial;

    public NanoMoeWorkload(WorkloadSetup setup) : base(setup.Entry, setup.Recipe)
    {
        text = setup.Load<TextDataSet>();
        geometry = NanoMoeGeometry.From(Entry.Geometry);
        window = Entry.Geometry.Int("window");
        trained = Characters(text.Train);
        scored = Characters(text.Test);
        trivial = new(() => CountedText.Of(text.Train, text.Test, TextDataSet.Symbols));
        var last = trained.shape[0] - 1;
        // Views of the text: a window begins at each character, and its targets are one character further.
        Inputs = trained.narrow(0, 0, last).unfold(0, window, 1);
        Targets = trained.narrow(0, 1, last).unfold(0, window, 1);
    }

    public override Provenance Data => text.Provenance;

    // [windows, T]
    protected internal override Tensor Inputs { get; }

    protected internal override Tensor Targets { get; }

    /// <summary>Characters that are predicted: all but the first.</summary>
    public override int EvaluationSamples => text.Test.Length - 1;

    protected internal override Module<Tensor, Tensor> BuildModel() => new NanoMoeModel(geometry);

    // logits [B, T, V], target [B, T]
    protected internal override Tensor Loss(Tensor prediction, Tensor target) =>
        F.cross_entropy(prediction.view(-1, geometry.Vocabulary), target.view(-1));

    protected internal override SupervisedFusedStep Fuse(Module<Tensor, Tensor> model, int batch, int? threads = null) =>
        new FusedNanoMoe((NanoMoeModel)model, text.Train, window, batch, threads);

    protected internal override Scores Evaluate(Module<Tensor, Tensor> model, CancellationToken stop = default)
    {
        var (nats, characters) = (0.0, 0);
        var usage = new ExpertUsage(geometry);
        foreach (var (start, windows, length) in Batches())
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var loss = Loss(usage.Watch((NanoMoeModel)model, Rows(start)), Rows(start + 1));
            nats += (double)windows * length * loss.item<float>();
            characters += windows * length;

            Tensor Rows(int first) => scored.narrow(0, first, windows * length).view(windows, length);
        }
        var metrics = new Dictionary<string, double>(trivial.Value) { ["cross_entropy"] = nats / characters };
        foreach (var (name, value) in usage.Metrics()) metrics[name] = value;
        return new Scores(metrics, new Dictionary<string, double>(), characters);
    }

    // Windows that do not overlap, in batches; the last window is as long as what is left.
    IEnumerable<(int Start, int Windows, int Length)> Batches()
    {
        var start = 0;
        while (EvaluationSamples - start is > 0 and var left)
        {
            var (windows, length) = left >= window ? (Math.Min(EvaluationBatch, left / window), window) : (1, left);
            yield return (start, windows, length);
            start += windows * length;
        }
    }

    public override IReadOnlyList<Invariant> CheckInvariants()
    {
        var largest = text.Train.Concat(text.Test).Max();
        return [.. base.CheckInvariants(), .. MoeChecks.Of(new NanoMoeModel(geometry), window),
            new("every character is in the vocabulary", largest < geometry.Vocabulary, $"{largest} at most of {geometry.Vocabulary}")];
    }

    static Tensor Characters(byte[] text) => tensor(text, dtype: int64);

    public override void Dispose()
    {
        trained.Dispose();
        scored.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
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
    public IEnumerable<(string Name, double Value)> Metrics()
    {
        var shares = counts.Select(layer => layer.Select(count => (double)count * geometry.Experts / layer.Sum()).ToArray()).ToArray();
        yield return ("expert_load_largest", shares.Max(layer => layer.Max()));
        yield return ("expert_load_smallest", shares.Min(layer => layer.Min()));
        yield return ("expert_entropy", shares.Min(Entropy));
        yield return ("experts_idle", shares.Sum(layer => layer.Count(share => share < 0.01)));
    }

    double Entropy(double[] shares) =>
        -shares.Where(share => share > 0).Sum(share => share / shares.Length * Math.Log(share / shares.Length)) / Math.Log(shares.Length);
}

/// <summary>What must be true of a mixture of experts that predicts what comes next.</summary>
static class MoeChecks
{
    const int Seed = 1;

    // Of a sum of a few probabilities in fp32.
    const double Rounding = 1e-6;

    /// <param name="model">Is disposed of.</param>
    public static IEnumerable<Invariant> Of(NanoMoeModel model, int window)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        using var mine = model;
        random.manual_seed(Seed);
        var sizes = model.Geometry;
        var text = randint(sizes.Vocabulary, new long[] { 1, window }, dtype: int64);
        var changed = text.clone();
        var kept = window / 2;
        changed.narrow(1, kept, window - kept).add_(1).remainder_(sizes.Vocabulary);

        // One window at a time: what a token is multiplied with must not depend on how many others its expert gets.
        var difference = (model.forward(changed) - model.forward(text)).abs();
        var earlier = difference.narrow(1, 0, kept).max().item<float>();
        var later = difference.narrow(1, kept, window - kept).max().item<float>();
        var mixture = model.Layers[0].Mixture;
        var (weights, ids) = mixture.Route(randn(window, sizes.Width));
        var distance = (weights.sum(1) - 1).abs().max().item<float>();
        var routed = ids.view(-1).bincount(null, sizes.Experts).sum().item<long>();
        var different = (ids.sort(1).Values.diff(dim: 1) > 0).all().item<bool>();
        return
        [
            new("later characters never change earlier logits", earlier <= Causal && later > Causal,
                FormattableString.Invariant($"{earlier:0.0e0} before the change, {later:0.000} after it")),
            new("the weights of a token's experts add up to 1", distance <= Rounding, FormattableString.Invariant($"at most {distance:0.0e0} away")),
            new("every token goes to as many different experts as the geometry says", routed == (long)window * sizes.Chosen && different,
                $"{routed} choices of {window} tokens"),
        ];
    }

    // Products of other sizes round differently; a logit of a model that sees later characters changes by a thousand times as much.
    const float Causal = 1e-5f;
}
