using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Engine.Training;

/// <summary>Pictures (or spectrograms) into classes, trained with cross entropy.</summary>
/// <remarks>
/// Samples are stored as [height, width, channel]. Convolutions then use that layout throughout, which saves libtorch a
/// reordering before and after each of them: a third of a training step.
/// </remarks>
public abstract class ClassifierWorkload : SupervisedWorkload
{
    const int EvaluationBatch = 256;

    // More would fill a page.
    const int MostListed = 20;

    readonly Lazy<double> linear;

    protected ClassifierWorkload(WorkloadEntry entry, Recipe recipe) : base(entry, recipe) =>
        linear = new(() => LinearModel.Accuracy(Numbers, Inputs, Targets, EvaluationInputs, EvaluationLabels, Classes.Count));

    protected abstract IReadOnlyList<string> Classes { get; }

    /// <summary>Evaluation samples, [N, height, width, channels].</summary>
    protected abstract Tensor EvaluationInputs { get; }

    protected abstract long[] EvaluationLabels { get; }

    /// <summary>The name of the accuracy in workloads.yaml.</summary>
    protected abstract string AccuracyMetric { get; }

    /// <summary>Stored training rows on the scale of <see cref="EvaluationInputs"/>.</summary>
    protected virtual Tensor Numbers(Tensor rows) => rows;

    /// <summary>Of a linear model on the same inputs.</summary>
    protected double LinearAccuracy => linear.Value;

    public override int EvaluationSamples => (int)EvaluationInputs.shape[0];

    protected internal override Tensor Present(Tensor rows, ref Xoshiro noise) => rows.permute(0, 3, 1, 2);

    // [B, channels, height, width] with the columns of a row side by side. What has one channel passes for both layouts, unless it gets it anew.
    protected internal override Tensor PresentByTheBook(Tensor rows, ref Xoshiro noise)
    {
        var shown = Present(rows, ref noise);
        return shown.shape[1] == 1 ? shown.squeeze(1).unsqueeze(1) : shown.contiguous();
    }

    protected internal override Tensor Loss(Tensor prediction, Tensor target) => F.cross_entropy(prediction, target);

    protected internal override Scores Evaluate(Module<Tensor, Tensor> model, CancellationToken stop = default)
    {
        var predicted = new long[EvaluationLabels.Length];
        for (var start = 0; start < predicted.Length; start += EvaluationBatch)
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var count = Math.Min(EvaluationBatch, predicted.Length - start);
            var logits = model.call(EvaluationInputs.narrow(0, start, count).permute(0, 3, 1, 2));
            logits.argmax(1).data<long>().CopyTo(predicted.AsSpan(start, count));
        }

        var recall = Metrics.Recall(predicted, EvaluationLabels, Classes.Count);
        return new Scores(
            new Dictionary<string, double> { [AccuracyMetric] = Metrics.Accuracy(predicted, EvaluationLabels) },
            Classes.Zip(recall).ToDictionary(pair => $"recall {pair.First}", pair => pair.Second),
            predicted.Length);
    }

    public override IReadOnlyDictionary<string, double> TrivialAnswers => new Dictionary<string, double>
    {
        ["linear_accuracy"] = LinearAccuracy,
        ["commonest_class_accuracy"] = Metrics.CommonestClass(EvaluationLabels),
    };

    public override IReadOnlyList<Invariant> CheckInvariants()
    {
        var counts = new int[Classes.Count];
        foreach (var label in EvaluationLabels) counts[label]++;
        return [.. base.CheckInvariants(),
            new("every class is evaluated", counts.All(count => count > 0), Describe(counts)),
            // An accuracy means little when one class is most of the answers.
            new("no class is twice the mean", counts.Max() <= 2.0 * counts.Average(), Describe(counts))];
    }

    string Describe(int[] counts) => counts.Length > MostListed
        ? $"{counts.Min()} to {counts.Max()} of each of {counts.Length} classes"
        : string.Join(", ", Classes.Zip(counts).Select(pair => $"{pair.First} {pair.Second}"));

    public override void Dispose()
    {
        EvaluationInputs.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }
}
