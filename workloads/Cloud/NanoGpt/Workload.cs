using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.NanoGpt;

/// <summary>Learns to predict the next character of a text from those before it.</summary>
[Workload("nanogpt-train", HasBf16 = true)]
public sealed class NanoGptTrainWorkload : SupervisedWorkload
{
    // Windows scored at once: what one layer makes of them stays in the cache.
    const int EvaluationBatch = 16;

    readonly TextDataSet text;
    readonly NanoGptGeometry geometry;
    readonly int window;
    readonly PrecisionChoice precision;
    readonly Tensor trained, scored;

    public NanoGptTrainWorkload(WorkloadSetup setup) : base(setup.Entry, setup.Recipe)
    {
        text = setup.Load<TextDataSet>();
        precision = setup.Precision;
        geometry = NanoGptGeometry.From(Entry.Geometry);
        window = Entry.Geometry.Int("window");
        trained = Characters(text.Train);
        scored = Characters(text.Test);
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

    protected internal override Module<Tensor, Tensor> BuildModel()
    {
        var model = new NanoGptModel(geometry, precision);
        if (Recipe.SinusoidalPositions is { } deviation) model.InitialisePositions(deviation);
        return model;
    }

    // logits [B, T, V], target [B, T]
    protected internal override Tensor Loss(Tensor prediction, Tensor target) =>
        F.cross_entropy(prediction.view(-1, geometry.Vocabulary), target.view(-1));

    protected internal override Scores Evaluate(Module<Tensor, Tensor> model, CancellationToken stop = default)
    {
        var (nats, characters) = (0.0, 0);
        foreach (var (start, windows, length) in Batches())
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var loss = Loss(model.call(Rows(start)), Rows(start + 1));
            nats += (double)windows * length * loss.item<float>();
            characters += windows * length;

            Tensor Rows(int first) => scored.narrow(0, first, windows * length).view(windows, length);
        }
        var metrics = new Dictionary<string, double> { ["cross_entropy"] = nats / characters };
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
        return [.. base.CheckInvariants(), CausalityCheck.Of(geometry, window, precision),
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

/// <summary>A model that sees what it is to predict learns nothing: later tokens must not change a bit of earlier logits.</summary>
static class CausalityCheck
{
    const int Seed = 1;

    public static Invariant Of(NanoGptGeometry geometry, int window, PrecisionChoice precision)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        random.manual_seed(Seed);
        var model = new NanoGptModel(geometry, precision);
        var text = randint(geometry.Vocabulary, new long[] { 1, window }, dtype: int64);
        var changed = text.clone();
        var kept = window / 2;
        changed.narrow(1, kept, window - kept).add_(1).remainder_(geometry.Vocabulary);

        var difference = (model.forward(changed) - model.forward(text)).abs();
        var earlier = difference.narrow(1, 0, kept).max().item<float>();
        var later = difference.narrow(1, kept, window - kept).max().item<float>();
        return new("later characters never change earlier logits", earlier == 0 && later > 0,
            FormattableString.Invariant($"{earlier} before the change, {later:0.000} after it"));
    }
}
