using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tiny.WakeVisionVww;

/// <summary>Learns to say whether a person (or, on the proxy, a living thing) is in a small grey picture.</summary>
[Workload("wake-vision-vww")]
public sealed class WakeVisionWorkload : ClassifierWorkload
{
    readonly ImageDataSet pictures;

    public WakeVisionWorkload(WorkloadSetup setup) : base(setup.Entry, setup.Recipe)
    {
        var loaded = setup.Load<ImageDataSet>();
        // Only the proxy has colours.
        pictures = loaded.Train.Channels == 1 ? loaded : LivingThings.FromCifar10(loaded);
        Inputs = Rows(pictures.Train);
        Targets = tensor(pictures.Train.Labels.Select(label => (long)label).ToArray());
        EvaluationInputs = Rows(pictures.Test);
        EvaluationLabels = [.. pictures.Test.Labels.Select(label => (long)label)];
    }

    public override Provenance Data => pictures.Provenance;

    // Grey pictures around zero, [N, 96, 96, 1].
    protected internal override Tensor Inputs { get; }

    protected internal override Tensor Targets { get; }

    protected override Tensor EvaluationInputs { get; }

    protected override long[] EvaluationLabels { get; }

    protected override IReadOnlyList<string> Classes => pictures.Classes;

    protected override string AccuracyMetric => "binary_accuracy";

    protected internal override Module<Tensor, Tensor> BuildModel() =>
        new WakeVisionModel(Entry.Geometry.Ints("channels"), Entry.Geometry.Int("classes"));

    // A mirrored picture is as likely as the picture: half of the batches are mirrored.
    protected internal override Tensor Present(Tensor rows, ref Xoshiro noise) =>
        base.Present(noise.Chance(0.5) ? rows.flip(2) : rows, ref noise);

    public override IReadOnlyList<Invariant> CheckInvariants()
    {
        var (side, train, test) = (Entry.Geometry.Int("side"), pictures.Train, pictures.Test);
        return [.. base.CheckInvariants(),
            new("pictures are as large as the geometry says", new[] { train.Height, train.Width, test.Height, test.Width }.All(length => length == side),
                $"{train.Width}×{train.Height} and {test.Width}×{test.Height}, {side} declared")];
    }

    static Tensor Rows(LabelledImages images) =>
        tensor(images.Pixels, [images.Count, images.Height, images.Width, images.Channels], dtype: float32).sub_(127.5).div_(64);
}
