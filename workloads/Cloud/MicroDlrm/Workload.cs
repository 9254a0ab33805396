using MlPerfEdu.Engine.Inference;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.MicroDlrm;

/// <summary>Will this person like this movie?</summary>
[Workload("micro-dlrm-train")]
public sealed class MicroDlrmWorkload : SupervisedWorkload
{
    readonly RatingsDataSet ratings;
    readonly Tensor validation;
    readonly long[] liked;
    readonly RatingFeatures features;

    public MicroDlrmWorkload(WorkloadSetup setup) : base(setup.Entry, setup.Recipe)
    {
        ratings = setup.Load<RatingsDataSet>();
        features = new RatingFeatures(ratings);
        Inputs = AlignedTensor.Of(features.Train, ratings.Train.Count, RatingFeatures.Width);
        Targets = tensor(ratings.Train.Select(rating => rating.IsLike ? 1f : 0f).ToArray());
        validation = AlignedTensor.Of(features.Validation, ratings.Validation.Count, RatingFeatures.Width);
        liked = [.. ratings.Validation.Select(rating => rating.IsLike ? 1L : 0L)];
    }

    public override Provenance Data => ratings.Provenance;

    // [N, 3 + 16]: ids, which are whole numbers that a float holds exactly, and dense numbers
    protected internal override Tensor Inputs { get; }

    // [N]: 1 for a like
    protected internal override Tensor Targets { get; }

    public override int EvaluationSamples => ratings.Validation.Count;

    protected internal override Module<Tensor, Tensor> BuildModel() => new MicroDlrmModel(
        Entry.Geometry.Ints("tables"), Entry.Geometry.Int("width"), Entry.Geometry.Ints("bottom"), Entry.Geometry.Ints("top"));

    protected internal override Tensor Loss(Tensor prediction, Tensor target) =>
        F.binary_cross_entropy_with_logits(prediction, target);

    protected internal override SupervisedFusedStep Fuse(Module<Tensor, Tensor> model, int batch, int? threads = null) =>
        new FusedMicroDlrm((MicroDlrmModel)model, Inputs, Targets, batch, threads);

    protected internal override Scores Evaluate(Module<Tensor, Tensor> model, CancellationToken stop = default)
    {
        var guesses = model.call(validation).gt(0).to_type(ScalarType.Int64).data<long>().ToArray();
        var recall = Metrics.Recall(guesses, liked, 2);
        return new Scores(
            new Dictionary<string, double> { ["accuracy"] = Metrics.Accuracy(guesses, liked) },
            new Dictionary<string, double> { ["recall other"] = recall[0], ["recall like"] = recall[1] },
            guesses.Length);
    }

    public override IReadOnlyDictionary<string, double> TrivialAnswers => features.TrivialAnswers;

    // A batch looks up some rows more than once.
    protected override void Describe(ModuleCounter counter, int batch) => counter.Table("tables", features.ExpectedRows(batch));

    public override IReadOnlyList<Invariant> CheckInvariants()
    {
        var inputs = new RatingFeatures(ratings.WithFlippedValidation());
        var untouched = inputs.Train.AsSpan().SequenceEqual(features.Train)
            && inputs.Validation.AsSpan().SequenceEqual(features.Validation);
        return [.. base.CheckInvariants(),
            new("no input depends on a label that is scored", untouched,
                untouched ? "flipping every such label changes nothing" : "flipping such labels changes inputs"),
            new("both kinds are evaluated", liked.Contains(0) && liked.Contains(1), $"{liked.Sum()} likes among {liked.Length}")];
    }

    public override void Dispose()
    {
        validation.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }
}
