using System.Buffers.Binary;
using System.Security.Cryptography;
using MlPerfEdu.Engine.Inference;
using MlPerfEdu.Engine.Running;
using MlPerfEdu.Numerics;
using MlPerfEdu.Roofline;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.MobileNetComposed;

/// <summary>A trained MobileNetV2 with two of four weights, bytes for numbers and halves for the rest, which answers one picture after the other.</summary>
[Workload("mobilenet-cifar100-composed-fp16")]
public sealed class MobileNetComposedWorkload : IInferenceWorkload, IByTheBook
{
    // Turns of each technique while they are timed, and positions of the file that are flipped.
    const int Turns = 41, Flips = 64;

    readonly InferenceSetup setup;
    readonly SupervisedWorkload trainer;
    readonly Compression compression;
    readonly IncrementalHash answered = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    // What is scored, [N, height, width, channels].
    readonly Tensor pictures;
    readonly long[] calibrationRows;
    Made? made;

    public MobileNetComposedWorkload(InferenceSetup setup)
    {
        this.setup = setup;
        trainer = (SupervisedWorkload)WorkloadFactory.Create(setup.Trainer);
        compression = new(setup, trainer);
        pictures = Scored(trainer);
        var test = setup.Trainer.Load<ImageDataSet>().Test;
        var scored = Enumerable.Range(0, test.Count).Select(i => Convert.ToHexString(ColoursLast(test, i))).ToHashSet(StringComparer.Ordinal);
        // Published data sets have a few pictures on both sides.
        calibrationRows = compression.CalibrationRows(row => !scored.Contains(TrainingPicture(row)));
    }

    public Provenance Data => trainer.Data;

    public int Batch => 1;

    public int Samples => setup.Entry.Load.Samples;

    public string AnswersSha256 => Convert.ToHexStringLower(answered.GetCurrentHash());

    Made Network => made ??= Make(Silent.Instance, default);

    public IReadOnlyDictionary<string, double> Examine(IRunProgress progress, CancellationToken stop)
    {
        made ??= Make(progress, stop);
        // On the same pictures.
        var metrics = new Dictionary<string, double>(trainer.TrivialAnswers);
        var accuracies = new Dictionary<string, double>();
        var scored = made.Techniques.Where(technique => technique.Bytes is not null).ToList();
        foreach (var technique in scored)
        {
            stop.ThrowIfCancellationRequested();
            progress.Report("examining", (double)accuracies.Count / scored.Count, $"the whole test split, {technique.Name}");
            using var answering = new Answering(technique.Answer);
            accuracies[technique.Name] = trainer.Score(answering, stop).Metrics[setup.Trainer.Choice.QualityTarget.Metric];
            metrics[$"accuracy_{technique.Name}"] = accuracies[technique.Name];
            metrics[$"bytes_{technique.Name}"] = technique.Bytes!.Value;
        }
        var seconds = Seconds(made.Techniques, stop);
        foreach (var (name, median) in seconds) metrics[$"milliseconds_{name}"] = 1e3 * median;
        metrics["compression"] = metrics["bytes_fp32"] / metrics["bytes_composed"];
        metrics["points_lost"] = 100 * (accuracies["fp32"] - accuracies["composed"]);
        // Against the faster of both fp32 forms.
        metrics["int8_speed_up"] = Math.Min(seconds["fp32"], seconds["fp32_folded"]) / seconds["composed"];
        metrics["gain_of_two_of_four"] = seconds["composed_dense_kernel"] / seconds["composed"];
        return metrics;
    }

    public void Answer(int sample, Action tokenReady)
    {
        var label = Array.IndexOf(Network.Composed.Logits, Largest(sample));
        tokenReady();
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, label);
        answered.AppendData(bytes);
    }

    float Largest(int sample)
    {
        Network.Composed.Run(Network.Pixels(sample));
        return Network.Composed.Logits.Max();
    }

    public IRunningStep Prepare(int batch) => new Step(Network, batch);

    public IBookStep PrepareByTheBook(int batch) => new BookStep(compression.Dense, pictures.narrow(0, 0, batch));

    public IReadOnlyList<Invariant> CheckInvariants()
    {
        var (built, network) = (compression.Dense.parameters().Sum(parameter => parameter.numel()), Network);
        var violations = network.Model.Layers.Where(row => row.Layer.IsPruned).Sum(Pruning.Violations);
        var found = FlippedBitsFound(network.File);
        var (wrong, compared) = Differences(network);
        return
        [
            new("parameters match workloads.yaml", built == setup.Entry.Params, $"{built} built, {setup.Entry.Params} declared"),
            new("two of four weights in every group that a sum runs over", violations == 0, $"{violations} groups with more"),
            new("the packed file is read as it was written", PackedModel.Write(network.Model, out _).AsSpan().SequenceEqual(network.File), $"{network.File.Length} bytes"),
            new("a flipped bit of the packed file is found", found == Flips, $"{found} of {Flips} positions"),
            new("every byte is that of exact sums", wrong == 0, $"{wrong} of {compared} differ"),
            new("folded norms change no answer", network.FoldingError < 1e-3, FormattableString.Invariant($"logits differ by {network.FoldingError:0.0e+0} at most")),
            new("no picture that is scored calibrates", network.Leaked == 0, $"{network.Leaked} of {pictures.shape[0]} pictures"),
        ];
    }

    // Spread evenly over the file: header, weights, places, halves and the digest itself.
    static int FlippedBitsFound(byte[] file)
    {
        var found = 0;
        for (var flip = 0; flip < Flips; flip++)
        {
            var changed = (byte[])file.Clone();
            changed[(long)flip * (file.Length - 1) / (Flips - 1)] ^= (byte)(1 << flip % 8);
            try
            {
                PackedModel.Read(changed, "the changed file");
            }
            catch (PackedException)
            {
                found++;
            }
        }
        return found;
    }

    static (int Wrong, int Compared) Differences(Made network)
    {
        network.Composed.Run(network.Pixels(0));
        var logits = Judge.Run(network.Model, network.Pixels(0), out var results);
        var wrong = logits.Zip(network.Composed.Logits).Count(pair => (float)pair.First != pair.Second);
        for (var layer = 0; layer < results.Length; layer++) wrong += results[layer].Zip(network.Composed.Results(layer)).Count(pair => pair.First != pair.Second);
        return (wrong, logits.Length + results.Sum(layer => layer.Length));
    }

    Made Make(IRunProgress progress, CancellationToken stop)
    {
        compression.TrainOn(progress, stop);
        progress.Report("calibrating", 0, $"{calibrationRows.Length} training pictures");
        var threads = get_num_threads();
        IReadOnlyList<FoldedLayer> folded = compression.Modules(compression.Dense).Fold(), pruned = compression.Modules(compression.Pruned).Fold();
        Calibration ofFolded = compression.Calibrate(folded, calibrationRows), ofPruned = compression.Calibrate(pruned, calibrationRows);
        var int8 = QuantisedModel.Of(folded, ofFolded.Activations());
        var file = PackedModel.Write(QuantisedModel.Of(pruned, ofPruned.Activations()), out var sizes);
        // What answers was read from the file.
        var composed = PackedModel.Read(file, "the packed network");
        FoldedNetwork fp32 = new(folded), halves = new([.. folded.Select(row => row.With(number => (float)(Half)number))]), twoOfFour = new(pruned);
        Int8Network dense = new(int8, usesTwoOfFour: false, threads), chosen = new(composed, usesTwoOfFour: true, threads);
        Int8Network denseKernel = new(composed, usesTwoOfFour: false, threads);
        return new(composed, file, chosen, pictures, [fp32, halves, twoOfFour],
        [
            new("fp32", StoredBytes.OfFp32(folded), compression.Dense.call),
            new("fp32_folded", null, fp32.Answer),
            new("half", StoredBytes.OfHalf(folded), halves.Answer),
            new("two_of_four", StoredBytes.OfTwoOfFour(pruned, sizes), twoOfFour.Answer),
            new("int8", StoredBytes.OfInt8(folded), x => Made.Run(dense, x)),
            new("composed_dense_kernel", null, x => Made.Run(denseKernel, x)),
            new("composed", file.Length, x => Made.Run(chosen, x)),
        ])
        { FoldingError = FoldingError(fp32), Leaked = Shown().Sum(batch => ofFolded.Seen(batch) + ofPruned.Seen(batch)) };
    }

    double FoldingError(FoldedNetwork folded)
    {
        const int some = 16;
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var x = Shown(0, some);
        return (folded.Run(x) - compression.Dense.call(x)).abs().max().item<float>();
    }

    // Turn by turn, so that whatever else the machine does slows all of them.
    Dictionary<string, double> Seconds(IReadOnlyList<Technique> techniques, CancellationToken stop)
    {
        var samples = techniques.ToDictionary(technique => technique.Name, _ => new List<double>());
        for (var turn = 0; turn < Turns; turn++)
        {
            stop.ThrowIfCancellationRequested();
            foreach (var technique in techniques)
            {
                using var scope = NewDisposeScope();
                using var inference = inference_mode();
                var x = Shown(turn % Samples, 1);
                var start = System.Diagnostics.Stopwatch.GetTimestamp();
                technique.Answer(x);
                samples[technique.Name].Add(System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        }
        return samples.ToDictionary(pair => pair.Key, pair => Statistics.Median(pair.Value));
    }

    // [B, channels, height, width]
    Tensor Shown(long from, long count) => pictures.narrow(0, from, count).permute(0, 3, 1, 2);

    IEnumerable<Tensor> Shown()
    {
        const int atOnce = 256;
        for (var from = 0L; from < pictures.shape[0]; from += atOnce)
        {
            using var scope = NewDisposeScope();
            yield return Shown(from, Math.Min(atOnce, pictures.shape[0] - from));
        }
    }

    string TrainingPicture(long row) => Convert.ToHexString(trainer.Inputs.select(0, row).bytes);

    static byte[] ColoursLast(LabelledImages images, int index)
    {
        var image = images.Image(index);
        var places = images.Height * images.Width;
        var bytes = new byte[image.Length];
        for (var i = 0; i < image.Length; i++) bytes[i % places * images.Channels + i / places] = image[i];
        return bytes;
    }

    // As the trainer shows them when it scores.
    static Tensor Scored(SupervisedWorkload trainer)
    {
        using var scope = NewDisposeScope();
        var seen = new List<Tensor>();
        using var seer = new Answering(x =>
        {
            // Scoring lets go of all that it made.
            seen.Add(x.permute(0, 2, 3, 1).contiguous().DetachFromDisposeScope());
            return zeros(x.shape[0], 1);
        });
        trainer.Score(seer, default);
        var together = cat(seen).MoveToOuterDisposeScope();
        seen.ForEach(batch => batch.Dispose());
        return together;
    }

    public void Dispose()
    {
        made?.Dispose();
        compression.Dispose();
        pictures.Dispose();
        trainer.Dispose();
        answered.Dispose();
    }

    sealed class Answering(Func<Tensor, Tensor> answer) : nn.Module<Tensor, Tensor>(nameof(Answering))
    {
        public override Tensor forward(Tensor x) => answer(x);
    }

    sealed class Silent : IRunProgress
    {
        public static Silent Instance { get; } = new();

        public void Report(string phase, double share, string detail)
        {
        }
    }
}
