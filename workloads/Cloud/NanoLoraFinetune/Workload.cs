using System.Security.Cryptography;
using MlPerfEdu.Workloads.Cloud.NanoGpt;
using MlPerfEdu.Workloads.Cloud.NanoGptDecodeSpec;
using MlPerfEdu.Workloads.Cloud.NanoMoe;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.NanoLoraFinetune;

/// <summary>A decoder that knows a text learns its dialect by adapters alone, beside the same training of all of its weights.</summary>
[Workload("nano-lora-finetune")]
public sealed unsafe class NanoLoraWorkload : SupervisedWorkload, IComparedWorkload
{
    /// <summary>The metric of every model here: nats per character of the dialect.</summary>
    internal const string CrossEntropy = "cross_entropy";

    // Windows scored at once, no more than a step of the recipe has; and windows whose logits are compared.
    const int EvaluationBatch = 4, MergedWindows = 2;

    // Steps after which a median is known well enough.
    const int TimedSteps = 5;

    readonly TextDataSet text;
    readonly NanoGptModel frozen;
    readonly LoraGeometry geometry;
    readonly int window, windows;
    readonly Tensor trained, scored;
    readonly byte[] learned, examined;
    readonly string? weights;
    readonly string digest;
    readonly Lazy<double> before;
    (double Nats, TrainingTake Take, TrainingTake Lora)? other;

    /// <remarks>Without weights to begin with, as where steps are only counted or compared, the base is random; an invariant says so.</remarks>
    public NanoLoraWorkload(WorkloadSetup setup) : base(setup.Entry, setup.Recipe)
    {
        text = setup.Load<TextDataSet>();
        geometry = LoraGeometry.From(Entry.Geometry);
        (window, windows) = (Entry.Geometry.Int("window"), Entry.Geometry.Int("scored_windows"));
        frozen = new NanoGptModel(NanoGptGeometry.From(Entry.Geometry));
        weights = setup.Shared is { } shared ? Begin(shared) : null;
        NanoLoraModel.Freeze(frozen);
        digest = Digest();

        (learned, examined) = (Dialect.Of(text.Train), Dialect.Of(text.Test)[..(windows * window + 1)]);
        (trained, scored) = (Characters(learned), Characters(examined));
        before = new(() => Nats(frozen.call, default));
        var last = trained.shape[0] - 1;
        // Views of the text: a window begins at each character, and its targets are one character further.
        Inputs = trained.narrow(0, 0, last).unfold(0, window, 1);
        Targets = trained.narrow(0, 1, last).unfold(0, window, 1);
    }

    public override Provenance Data => text.Provenance;

    // [windows, T]
    protected internal override Tensor Inputs { get; }

    protected internal override Tensor Targets { get; }

    /// <summary>Characters that are predicted.</summary>
    public override int EvaluationSamples => windows * window;

    internal long FrozenNumbers => frozen.parameters().Sum(parameter => parameter.numel());

    /// <returns>Which weights they are.</returns>
    string Begin(SharedModel shared)
    {
        using var small = new NanoGptModel(NanoGptGeometry.From(shared.Trainer.Geometry));
        shared.LoadInto(small);
        GrownTarget.LoadOrMake(frozen, small, shared.Sha256, Entry, shared.Kept, text.Train, shared.Progress, shared.Stop);
        return $"grown from {shared.Trainer.Id}, {shared.Sha256[..12]}";
    }

    protected internal override Module<Tensor, Tensor> BuildModel() => new NanoLoraModel(frozen, geometry);

    // logits [B, T, V], target [B, T]
    protected internal override Tensor Loss(Tensor prediction, Tensor target) =>
        F.cross_entropy(prediction.view(-1, frozen.Geometry.Vocabulary), target.view(-1));

    // The frozen layers are no modules of the model.
    protected override void Describe(ModuleCounter counter, int batch) => counter.Watch(frozen);

    public void TrainOther(int seed, IRunProgress progress, CancellationToken stop)
    {
        // What is scored is a model that learns: the scores that ask for it may be taken without gradients.
        using var mode = inference_mode(false);
        var full = new FullFineTuning(this, frozen, Entry, Recipe);
        var (nats, take) = full.Train(seed, progress, stop);
        other = (nats, take, TrainingTake.Of(TimedSteps, Parameters, () => Prepare(Batch), (run, _) => run.Step(), _ => { }));
    }

    protected internal override Scores Evaluate(Module<Tensor, Tensor> model, CancellationToken stop = default)
    {
        if (other is null) TrainOther(seed: 1, new Silent(), stop);
        var (full, take, lora) = other!.Value;
        var nats = Nats(model.call, stop);
        var counted = CountedText.Of(learned.AsSpan(0, Recipe.Epochs * Recipe.BatchesPerEpoch * Batch * window), examined, TextDataSet.Symbols).Values.Min();
        var metrics = new Dictionary<string, double>
        {
            ["loss_drop_share"] = Share(nats),
            ["loss_drop_share_counted"] = Share(counted),
            [CrossEntropy] = nats,
            ["cross_entropy_base"] = before.Value,
            ["cross_entropy_full"] = full,
            ["cross_entropy_counted"] = counted,
            ["merged_error"] = MergedError((NanoLoraModel)model),
            ["step_seconds_lora"] = lora.StepSeconds,
            ["step_seconds_full"] = take.StepSeconds,
            ["peak_mb_lora"] = lora.PeakMegabytes,
            ["peak_mb_full"] = take.PeakMegabytes,
            ["state_mb_lora"] = lora.StateMegabytes,
            ["state_mb_full"] = take.StateMegabytes,
        };
        return new Scores(metrics, new Dictionary<string, double>(), EvaluationSamples);

        double Share(double loss) => (before.Value - loss) / (before.Value - full);
    }

    /// <summary>The mean over the scored text, in windows that do not overlap.</summary>
    internal double Nats(Func<Tensor, Tensor> predict, CancellationToken stop)
    {
        using var inference = inference_mode();
        var sum = 0.0;
        for (var start = 0; start < windows; start += EvaluationBatch)
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var count = Math.Min(EvaluationBatch, windows - start);
            sum += count * Loss(predict(Rows(start, count, 0)), Rows(start, count, 1)).item<float>();
        }
        return sum / windows;
    }

    // [windows, T], so many characters further
    Tensor Rows(int first, int count, int shift) => scored.narrow(0, first * window + shift, count * window).view(count, window);

    double MergedError(NanoLoraModel model)
    {
        var rows = Rows(0, Math.Min(MergedWindows, windows), 0);
        var (apart, error) = (model.forward(rows), double.NaN);
        model.Merged(() => error = (frozen.forward(rows) - apart).abs().max().item<float>());
        return error;
    }

    public override IReadOnlyList<Invariant> CheckInvariants()
    {
        using var scope = NewDisposeScope();
        using var step = Prepare(Batch);
        var gradients = frozen.parameters().Count(parameter => parameter.grad is not null);
        var (now, counted) = (Digest(), step.Count.FrozenParameters);
        var (first, ofBase) = FirstLosses();
        return
        [
            .. base.CheckInvariants(),
            new("the base is a trained model", weights is not null, weights ?? "random weights: nothing was shared"),
            new("the base's weights are the same, bit for bit", now == digest, $"SHA-256 {now[..12]}, before {digest[..12]}"),
            new("the base has no gradient", gradients == 0, $"{gradients} tensors, so a norm of 0"),
            new("all of the base is used and none of it trained", counted == FrozenNumbers, $"{counted} frozen numbers counted of {FrozenNumbers}"),
            new("the first loss is the base's", first == ofBase, FormattableString.Invariant($"{first:0.0000000}, the base's {ofBase:0.0000000}")),
        ];
    }

    (float First, float OfBase) FirstLosses()
    {
        using var inference = inference_mode();
        using var fresh = BuildModel();
        Tensor rows = Inputs.narrow(0, 0, Batch).contiguous(), targets = Targets.narrow(0, 0, Batch).contiguous();
        return (Loss(fresh.call(rows), targets).item<float>(), Loss(frozen.call(rows), targets).item<float>());
    }

    string Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var parameter in frozen.parameters())
            hash.AppendData(new ReadOnlySpan<byte>(NativeFloats.Of(parameter), checked((int)parameter.numel() * sizeof(float))));
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    static Tensor Characters(byte[] text) => tensor(text, dtype: int64);

    public override void Dispose()
    {
        trained.Dispose();
        scored.Dispose();
        frozen.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    // Of a run that nobody watches.
    sealed class Silent : IRunProgress
    {
        public void Report(string phase, double share, string detail)
        {
        }
    }
}

/// <summary>A dialect of a text: every vowel stands where another one did. Words are as long and as frequent as before, but read otherwise.</summary>
static class Dialect
{
    const string Known = "aeiouAEIOU", Spoken = "eiouaEIOUA";

    public static byte[] Of(byte[] text) => [.. text.Select(character => Known.IndexOf((char)character) is >= 0 and var vowel ? (byte)Spoken[vowel] : character)];
}
