using MlPerfEdu.Roofline.Count;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Engine.Training;

/// <summary>A model that learns to predict the next character of a text from those before it.</summary>
public abstract class NextCharacterWorkload : SupervisedWorkload
{
    readonly int vocabulary, evaluationBatch;
    readonly Tensor trained, scored;

    /// <param name="vocabulary">Logits of the model.</param>
    /// <param name="evaluationBatch">Windows scored at once.</param>
    protected NextCharacterWorkload(WorkloadSetup setup, int vocabulary, int evaluationBatch) : base(setup.Entry, setup.Recipe)
    {
        (this.vocabulary, this.evaluationBatch) = (vocabulary, evaluationBatch);
        Text = setup.Load<TextDataSet>();
        Window = Entry.Geometry.Int("window");
        trained = Characters(Text.Train);
        scored = Characters(Text.Test);
        var last = trained.shape[0] - 1;
        // Views of the text: a window begins at each character, and its targets are one character further.
        Inputs = trained.narrow(0, 0, last).unfold(0, Window, 1);
        Targets = trained.narrow(0, 1, last).unfold(0, Window, 1);
    }

    protected TextDataSet Text { get; }

    /// <summary>Characters that a sample shows.</summary>
    protected int Window { get; }

    public override Provenance Data => Text.Provenance;

    // [windows, T]
    protected internal override Tensor Inputs { get; }

    protected internal override Tensor Targets { get; }

    /// <summary>Characters that are predicted: all but the first.</summary>
    public override int EvaluationSamples => Text.Test.Length - 1;

    // logits [B, T, V], target [B, T]
    protected internal override Tensor Loss(Tensor prediction, Tensor target) =>
        Counted.cross_entropy(prediction.view(-1, vocabulary), target.view(-1));

    protected internal override Scores Evaluate(Module<Tensor, Tensor> model, CancellationToken stop = default) =>
        Score(model.call, new Dictionary<string, double>(), stop);

    /// <summary>Cross entropy, in nats per character, of the whole evaluation text.</summary>
    /// <param name="logits">Of a batch of windows.</param>
    /// <param name="others">Metrics that stand next to it, read after the last window.</param>
    protected Scores Score(Func<Tensor, Tensor> logits, IEnumerable<KeyValuePair<string, double>> others, CancellationToken stop)
    {
        var (nats, characters) = (0.0, 0);
        foreach (var (start, windows, length) in Batches())
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var loss = Loss(logits(Rows(start)), Rows(start + 1));
            nats += (double)windows * length * loss.item<float>();
            characters += windows * length;

            Tensor Rows(int first) => scored.narrow(0, first, windows * length).view(windows, length);
        }
        var metrics = new Dictionary<string, double>(others) { ["cross_entropy"] = nats / characters };
        return new Scores(metrics, new Dictionary<string, double>(), characters);
    }

    // Windows that do not overlap, in batches; the last window is as long as what is left.
    IEnumerable<(int Start, int Windows, int Length)> Batches()
    {
        var start = 0;
        while (EvaluationSamples - start is > 0 and var left)
        {
            var (windows, length) = left >= Window ? (Math.Min(evaluationBatch, left / Window), Window) : (1, left);
            yield return (start, windows, length);
            start += windows * length;
        }
    }

    public override IReadOnlyDictionary<string, double> TrivialAnswers => CountedText.Of(Text.Train, Text.Test, TextDataSet.Symbols);

    public override IReadOnlyList<Invariant> CheckInvariants()
    {
        var largest = Text.Train.Concat(Text.Test).Max();
        return [.. base.CheckInvariants(), new("every character is in the vocabulary", largest < vocabulary, $"{largest} at most of {vocabulary}")];
    }

    /// <summary>A model that sees what it is to predict learns nothing: later characters must not change earlier logits.</summary>
    /// <param name="model">One text after the other goes through it, each alone.</param>
    /// <param name="rounding">Difference that products of other sizes may make.</param>
    protected Invariant CheckCausality(Module<Tensor, Tensor> model, float rounding = 0)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var text = randint(vocabulary, new long[] { 1, Window }, dtype: int64);
        var changed = text.clone();
        var kept = Window / 2;
        changed.narrow(1, kept, Window - kept).add_(1).remainder_(vocabulary);

        var difference = (model.call(changed) - model.call(text)).abs();
        var earlier = difference.narrow(1, 0, kept).max().item<float>();
        var later = difference.narrow(1, kept, Window - kept).max().item<float>();
        return new("later characters never change earlier logits", earlier <= rounding && later > rounding,
            FormattableString.Invariant($"{earlier:0.#e0} before the change, {later:0.000} after it"));
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
