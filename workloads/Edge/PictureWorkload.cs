using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Edge;

/// <summary>
/// Coloured pictures into classes. What is trained on is shifted and mirrored, what is scored is not.
/// </summary>
public abstract class PictureWorkload : ClassifierWorkload
{
    // Published data sets have a few pictures twice (Barz and Denzler, 2020).
    const double MostInBoth = 0.01;

    readonly ImageDataSet pictures;
    readonly PixelScale scale;
    readonly int padding;
    
    protected PictureWorkload(WorkloadSetup setup) : base(setup.Entry, setup.Recipe)
    {
        pictures = setup.Load<ImageDataSet>();
        padding = Entry.Geometry.IntOrZero("padding");
        scale = new PixelScale(pictures.Train);
        Inputs = PixelScale.Rows(pictures.Train);
        Targets = Labels(pictures.Train);
        EvaluationInputs = ScoredInputs();
        EvaluationLabels = [.. pictures.Test.Labels.Select(label => (long)label)];
    }

    public override Provenance Data => pictures.Provenance;

    // Bytes, [N, 32, 32, 3]: a quarter of the room that numbers take.
    protected internal override Tensor Inputs { get; }

    protected internal override Tensor Targets { get; }

    protected override Tensor EvaluationInputs { get; }

    protected override long[] EvaluationLabels { get; }

    protected override IReadOnlyList<string> Classes => pictures.Classes;

    protected override string AccuracyMetric => "top1_accuracy";

    protected override Tensor Numbers(Tensor rows) => scale.Of(rows);

    protected internal override Tensor Present(Tensor rows, ref Xoshiro noise) =>
        base.Present(scale.Of(ShiftedPictures.Of(rows, padding, ref noise)), ref noise);

    protected internal override Scores Evaluate(Module<Tensor, Tensor> model, CancellationToken stop = default)
    {
        var scores = base.Evaluate(model, stop);
        // A hundred recalls would hide everything else.
        return scores with { PerClass = new Dictionary<string, double> { ["least recall of a class"] = scores.PerClass.Values.Min() } };
    }

    public override IReadOnlyList<Invariant> CheckInvariants()
    {
        var both = Doubles(pictures.Train, pictures.Test);
        var target = Entry.Data.First(choice => choice.Dataset == Data.DataSet).QualityTarget;
        return [.. base.CheckInvariants(),
            new("no picture is trained on and scored", both <= MostInBoth * pictures.Test.Count, $"{both} of {pictures.Test.Count} are on both sides"),
            new("what is scored is neither shifted nor mirrored", SeenWhenScored().equal(ScoredInputs()).all().item<bool>(),
                "a model is shown the pictures as the data set has them"),
            new("what is trained on is shifted and mirrored", padding > 0 && !Shown(1).equal(Shown(2)).all().item<bool>(), "two seeds show the same pictures differently"),
            new("a linear model misses the target", !target.IsMetBy(LinearAccuracy), FormattableString.Invariant($"accuracy {LinearAccuracy:0.0000} on pixels"))];
    }

    Tensor ScoredInputs() => scale.Of(PixelScale.Rows(pictures.Test));

    // [N, 32, 32, 3]: what a model gets while it is scored.
    Tensor SeenWhenScored()
    {
        using var seer = new Seer(Classes.Count);
        base.Evaluate(seer);
        return seer.Seen.permute(0, 2, 3, 1);
    }

    Tensor Shown(ulong seed)
    {
        const int some = 64;
        var noise = new Xoshiro(seed);
        return Present(Inputs.narrow(0, 0, some), ref noise);
    }

    static int Doubles(LabelledImages train, LabelledImages test)
    {
        var trained = Enumerable.Range(0, train.Count).Select(i => Convert.ToHexString(train.Image(i))).ToHashSet(StringComparer.Ordinal);
        return Enumerable.Range(0, test.Count).Count(i => trained.Contains(Convert.ToHexString(test.Image(i))));
    }

    static Tensor Labels(LabelledImages images) => tensor(images.Labels.Select(label => (long)label).ToArray());

    public override void Dispose()
    {
        scale.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Keeps what it is shown, and answers nothing.</summary>
    sealed class Seer(int classes) : Module<Tensor, Tensor>(nameof(Seer))
    {
        readonly List<Tensor> seen = [];

        public Tensor Seen => cat([.. seen], 0);

        public override Tensor forward(Tensor x)
        {
            seen.Add(x.clone().DetachFromDisposeScope());
            return zeros(x.shape[0], classes);
        }

        protected override void Dispose(bool disposing)
        {
            foreach (var tensor in seen) tensor.Dispose();
            base.Dispose(disposing);
        }
    }
}
