using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.MicroBert;

/// <summary>Does a sentence about a film praise or blame it?</summary>
[Workload("micro-bert-train")]
public sealed class MicroBertWorkload : SupervisedWorkload
{
    const int EvaluationBatch = 64;
    const double PaddingTolerance = 1e-5;

    readonly SentenceDataSet data;
    readonly MicroBertGeometry geometry;
    readonly Vocabulary vocabulary;
    readonly Tensor scored;
    readonly long[] labels;
    readonly Lazy<double> bagOfWords;

    public MicroBertWorkload(WorkloadSetup setup) : base(setup.Entry, setup.Recipe)
    {
        data = setup.Load<SentenceDataSet>();
        geometry = MicroBertGeometry.From(Entry.Geometry);
        vocabulary = new Vocabulary(data.Train, geometry.Vocabulary);
        var (train, dev) = (vocabulary.Numbers(data.Train, geometry.Length), vocabulary.Numbers(data.Dev, geometry.Length));
        Inputs = tensor(train, data.Train.Count, geometry.Length);
        Targets = tensor(data.Train.Select(sentence => (long)sentence.Label).ToArray());
        scored = tensor(dev, data.Dev.Count, geometry.Length);
        labels = [.. data.Dev.Select(sentence => (long)sentence.Label)];
        bagOfWords = new(() => BagOfWords.Accuracy(
            train, data.Train.Select(sentence => sentence.Label).ToArray(), dev, data.Dev.Select(sentence => sentence.Label).ToArray(),
            geometry.Length, geometry.Vocabulary));
    }

    public override Provenance Data => data.Provenance;

    // [sentences, T]: numbers of words, padded
    protected internal override Tensor Inputs { get; }

    // [sentences]: 1 for praise
    protected internal override Tensor Targets { get; }

    public override int EvaluationSamples => labels.Length;

    protected internal override Module<Tensor, Tensor> BuildModel() => new MicroBertModel(geometry, Recipe.Dropout ?? 0);

    protected internal override Tensor Loss(Tensor prediction, Tensor target) => F.cross_entropy(prediction, target);

    protected internal override Scores Evaluate(Module<Tensor, Tensor> model, CancellationToken stop = default)
    {
        var guesses = new long[labels.Length];
        for (var start = 0; start < guesses.Length; start += EvaluationBatch)
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var count = Math.Min(EvaluationBatch, guesses.Length - start);
            model.call(scored.narrow(0, start, count)).argmax(1).data<long>().CopyTo(guesses.AsSpan(start, count));
        }
        var (accuracy, recall) = (Metrics.Accuracy(guesses, labels), Metrics.Recall(guesses, labels, geometry.Classes));
        return new Scores(
            new Dictionary<string, double>
            {
                ["accuracy"] = accuracy,
                ["bag_of_words_accuracy"] = bagOfWords.Value,
                ["above_bag_of_words"] = accuracy - bagOfWords.Value,
            },
            new Dictionary<string, double> { ["recall blame"] = recall[0], ["recall praise"] = recall[1] },
            guesses.Length);
    }

    protected override bool IsRagged => true;

    // Of the sentences that are counted: words and places occur more than once.
    protected override void Describe(ModuleCounter counter, int batch)
    {
        using var scope = NewDisposeScope();
        var rows = SentenceRows.Of(Inputs.index_select(0, tensor(CountedBatch(batch))));
        counter.Table("words", rows.Words.data<long>().ToArray().Distinct().Count());
        counter.Table("places", rows.Places.data<long>().ToArray().Distinct().Count());
    }

    public override IReadOnlyDictionary<string, double> TrivialAnswers =>
        new Dictionary<string, double> { ["commonest_class_accuracy"] = Metrics.CommonestClass(labels) };

    public override IReadOnlyList<Invariant> CheckInvariants()
    {
        var (difference, kernel) = PaddingCheck.LargestDifferences(geometry, scored.narrow(0, 0, PaddingCheck.Sentences));
        var known = data.Train.SelectMany(sentence => Vocabulary.Words(sentence.Text)).ToHashSet(StringComparer.Ordinal);
        var unseen = data.Dev.SelectMany(sentence => Vocabulary.Words(sentence.Text)).Where(word => !known.Contains(word)).ToList();
        return [.. base.CheckInvariants(),
            new("padding never changes a logit", difference <= PaddingTolerance, FormattableString.Invariant($"{difference:g2} at most, with mask and without padding")),
            new("rows without padding give the same logits", kernel <= PaddingTolerance, FormattableString.Invariant($"{kernel:g2} at most")),
            new("no word has a number that only scored sentences have", unseen.Count > 0 && unseen.All(word => vocabulary.Number(word) == Vocabulary.Unknown),
                $"{vocabulary.Count} words have one, {unseen.Count} words in scored sentences are new"),
            new("both kinds are evaluated", labels.Contains(0) && labels.Contains(1), $"{labels.Sum()} praise among {labels.Length}")];
    }

    public override void Dispose()
    {
        scored.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }
}

/// <summary>What a sentence says must not depend on how long its neighbours are.</summary>
static class PaddingCheck
{
    public const int Sentences = 8;

    const int Seed = 1;

    /// <summary>Of logits, for sentences padded to the full length: to each of them alone without padding, and to the kernel's.</summary>
    public static (double Padding, double Kernel) LargestDifferences(MicroBertGeometry geometry, Tensor numbers)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        random.manual_seed(Seed);
        var model = new MicroBertModel(geometry, dropout: 0);
        model.eval();
        // Larger weights than training begins with, so that attention is not the same everywhere.
        foreach (var parameter in model.parameters().Where(parameter => parameter.dim() == 2)) parameter.mul_(5);
        var rows = model.forward(numbers);
        Book.Plain(model);
        var padded = model.forward(numbers);
        var alone = cat([.. Enumerable.Range(0, (int)numbers.shape[0]).Select(i =>
        {
            var row = numbers.narrow(0, i, 1);
            return model.forward(row.narrow(1, 0, row.ne(Vocabulary.Padding).sum().item<long>()));
        })], 0);
        return (Largest(padded - alone), Largest(padded - rows));

        static double Largest(Tensor difference) => difference.abs().max().item<float>();
    }
}
