using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tiny.DsCnnKws;

/// <summary>Learns to tell ten spoken words, other speech and silence apart.</summary>
[Workload("dscnn-kws-train")]
public sealed class DsCnnKwsWorkload : ClassifierWorkload
{
    const int ClipsPerTransform = 128;

    readonly KeywordDataSet clips;
    readonly int largestShift;

    public DsCnnKwsWorkload(WorkloadSetup setup) : base(setup.Entry, setup.Recipe)
    {
        clips = setup.Load<KeywordDataSet>();
        largestShift = Entry.Geometry.IntOrZero("augment_shift_frames");
        using var scope = NewDisposeScope();
        var train = Features(clips.Train, setup.Store.Stop);
        // The level and spread of the training clips alone: statistics must not see what is evaluated.
        var (mean, deviation) = (train.mean().item<float>(), train.std().item<float>());
        Inputs = train.sub_(mean).div_(deviation).DetachFromDisposeScope();
        Targets = tensor(clips.Train.Select(clip => (long)clip.Label).ToArray()).DetachFromDisposeScope();
        EvaluationInputs = Features(clips.Test, setup.Store.Stop).sub_(mean).div_(deviation).DetachFromDisposeScope();
        EvaluationLabels = [.. clips.Test.Select(clip => (long)clip.Label)];
    }

    public override Provenance Data => clips.Provenance;

    // Normalised log-mel spectrograms, [N, 40 bands, 101 frames, 1].
    protected internal override Tensor Inputs { get; }

    protected internal override Tensor Targets { get; }

    protected override Tensor EvaluationInputs { get; }

    protected override long[] EvaluationLabels { get; }

    protected override IReadOnlyList<string> Classes => clips.Classes;

    protected override string AccuracyMetric => "top1_accuracy";

    protected internal override Module<Tensor, Tensor> BuildModel() =>
        new DsCnnModel(Entry.Geometry.Ints("channels"), Entry.Geometry.Int("classes"));

    // A word may begin a little earlier or later: each batch is moved along time, wrapping around.
    protected internal override Tensor Present(Tensor rows, ref Xoshiro noise) =>
        base.Present(rows.roll(noise.Below(2 * largestShift + 1) - largestShift, 2), ref noise);

    public override IReadOnlyList<Invariant> CheckInvariants()
    {
        var trained = clips.Train.Select(clip => clip.Speaker).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var both = clips.Test.Select(clip => clip.Speaker).OfType<string>().Where(trained.Contains).Distinct(StringComparer.Ordinal).Count();
        var silent = clips.Test.Count(clip => clip.Label == Keywords.Silence);
        return [.. base.CheckInvariants(),
            new("no speaker is trained on and evaluated", both == 0, $"{both} of {trained.Count} speakers are on both sides"),
            new("silence is evaluated", silent > 0, $"{silent} silent clips")];
    }

    static Tensor Features(IReadOnlyList<KeywordClip> clips, CancellationToken stop)
    {
        using var frontEnd = new LogMel();
        var features = empty(clips.Count, LogMel.Bands, LogMel.Frames(LogMel.SampleRate), 1);
        for (var start = 0; start < clips.Count; start += ClipsPerTransform)
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var count = Math.Min(ClipsPerTransform, clips.Count - start);
            var samples = new short[count * Keywords.SamplesPerClip];
            for (var i = 0; i < count; i++) clips[start + i].Samples.CopyTo(samples, i * Keywords.SamplesPerClip);
            var waves = tensor(samples, [count, Keywords.SamplesPerClip], dtype: float32).div_(-(float)short.MinValue);
            features.narrow(0, start, count).copy_(frontEnd.Transform(waves).unsqueeze(3));
        }
        return features;
    }
}
