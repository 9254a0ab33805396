using System.Security.Cryptography;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.MicroDiffusion;

/// <summary>How much noise is in this image? Whoever knows can draw images out of noise.</summary>
[Workload("micro-diffusion-train")]
public sealed class MicroDiffusionWorkload : SupervisedWorkload, IDrawing
{
    // Half of the images are mirrored, in whole batches.
    const double Mirrored = 0.5;

    // Where next to nothing is unknown of the noise, errors are so small that they would teach nothing. Squares are divided by this power of how far the
    // best multiple is off: 0 is the loss of Ho et al., 2 would make all timesteps alike.
    internal const double Balance = 1.5;

    // A grid of samples: rows of eight, each image enlarged.
    const int Samples = 24, Columns = 8, Scale = 3, DrawingSteps = 40;

    readonly ImageDataSet images;
    readonly MicroDiffusionGeometry sizes;
    readonly NoiseSchedule schedule;
    readonly NoiseScore score;
    readonly Tensor scored;

    // Of the batch that was presented last: what the loss holds a prediction against.
    (Tensor Noise, Tensor Weight)? drawn;

    public MicroDiffusionWorkload(WorkloadSetup setup) : base(setup.Entry, setup.Recipe)
    {
        images = setup.Load<ImageDataSet>();
        sizes = MicroDiffusionGeometry.From(Entry.Geometry);
        schedule = sizes.Schedule;
        Inputs = Pixels(images.Train);
        scored = Pixels(images.Test);
        score = new NoiseScore(schedule, Inputs, scored);
    }

    public override Provenance Data => images.Provenance;

    // [N, 3, 32, 32] from −1 to 1.
    protected internal override Tensor Inputs { get; }

    // What is to be found is drawn with each batch.
    protected internal override Tensor Targets => Inputs;

    public override int EvaluationSamples => images.Test.Count;

    protected internal override Module<Tensor, Tensor> BuildModel() => new MicroDiffusionModel(sizes);

    // [B, 3, 32, 32] → [B, 3·32·32 + 1]. Timesteps are spread evenly over the batch: their luck is then no part of a gradient's noise.
    protected internal override Tensor Present(Tensor rows, ref Xoshiro noise)
    {
        var t = new int[rows.shape[0]];
        for (var i = 0; i < t.Length; i++) t[i] = (int)((i + noise.Uniform()) / t.Length * schedule.Timesteps);
        var shown = Noised.Of(schedule, noise.Chance(Mirrored) ? rows.flip(3) : rows, t, noise.Next());
        drawn = (shown.Noise, NoiseSchedule.PerSample(t, one => Math.Pow(schedule.Error(one), -Balance / 2)));
        return shown.Rows;
    }

    protected internal override Tensor Loss(Tensor prediction, Tensor target)
    {
        var (noise, weight) = drawn!.Value;
        return F.mse_loss(F.mul(prediction, weight.expand_as(prediction)), noise * weight);
    }

    protected internal override Scores Evaluate(Module<Tensor, Tensor> model, CancellationToken stop = default) => score.Of((MicroDiffusionModel)model, stop);

    public override IReadOnlyList<Invariant> CheckInvariants() =>
        [.. base.CheckInvariants(),
            NoneIsTrainedOn(images.Train, images.Test),
            new("noise covers an image by and by", schedule.Kept(0) > 0.99 && schedule.Kept(schedule.Timesteps - 1) < 1e-3,
                FormattableString.Invariant($"of its variance {schedule.Kept(0):0.00000} are left at first, {schedule.Kept(schedule.Timesteps - 1):0.0e0} at last")),
            .. Quarters.Select(NoisedAsStated)];

    internal static Invariant NoneIsTrainedOn(LabelledImages trained, LabelledImages scored)
    {
        var known = Digests(trained).ToHashSet(StringComparer.Ordinal);
        var seen = Digests(scored).Count(known.Contains);
        return new("no image to score is trained on", seen == 0, $"{seen} of {scored.Count} are");
    }

    IEnumerable<int> Quarters => Enumerable.Range(0, 5).Select(i => i * (schedule.Timesteps - 1) / 4);

    // A thousandth is what so many numbers leave to chance.
    const double Tolerance = 0.01;

    // Of x_t the mean is √ᾱ times the image's, and the variance ᾱ times the image's and 1 − ᾱ.
    Invariant NoisedAsStated(int t)
    {
        using var scope = NewDisposeScope();
        var noised = Noised.Of(schedule, scored, [.. Enumerable.Repeat(t, images.Test.Count)], (ulong)t).Rows.narrow(1, 0, sizes.Pixels);
        var (mean, variance) = Moments(noised);
        var (ofImages, varianceOfImages) = Moments(scored);
        var (kept, meanOf) = (schedule.Kept(t), Math.Sqrt(schedule.Kept(t)) * ofImages);
        var varianceOf = kept * varianceOfImages + 1 - kept;
        return new($"x at timestep {t} has the mean and the variance that it should have",
            Math.Abs(mean - meanOf) < Tolerance && Math.Abs(variance - varianceOf) < Tolerance,
            FormattableString.Invariant($"mean {mean:0.0000} for {meanOf:0.0000}, variance {variance:0.0000} for {varianceOf:0.0000}"));

        static (double Mean, double Variance) Moments(Tensor x)
        {
            var precise = x.to_type(ScalarType.Float64);
            return (precise.mean().item<double>(), precise.var().item<double>());
        }
    }

    /// <summary>Samples of a trained model, in rows of eight, as a PNG file.</summary>
    public byte[] Draw(Module model, int seed)
    {
        using var samples = Sampler.Draw((MicroDiffusionModel)model, sizes, Samples, DrawingSteps, seed);
        return PictureGrid.Png(samples, Columns, Scale);
    }

    static IEnumerable<string> Digests(LabelledImages images) => Enumerable.Range(0, images.Count).Select(i => Convert.ToHexString(SHA256.HashData(images.Image(i))));

    static Tensor Pixels(LabelledImages images) =>
        tensor(images.Pixels, [images.Count, images.Channels, images.Height, images.Width], dtype: float32).div_(127.5).sub_(1);

    public override void Dispose()
    {
        scored.Dispose();
        score.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }
}
