using MlPerfEdu.Engine.Checkpoints;
using MlPerfEdu.Engine.Inference;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.MobileNetComposed;

/// <summary>The trained network with all weights and with two of four, and the scales of both, found on training pictures.</summary>
public sealed class Compression : IDisposable
{
    const int Seed = 1;

    readonly InferenceSetup setup;
    readonly SupervisedWorkload trainer;
    readonly ITrainingRun dense, pruned;

    public Compression(InferenceSetup setup, SupervisedWorkload trainer)
    {
        (this.setup, this.trainer) = (setup, trainer);
        (dense, pruned) = (trainer.Begin(Seed), trainer.Begin(Seed));
    }

    /// <summary>After <see cref="TrainOn"/>: all weights, trained for as many steps as <see cref="Pruned"/>.</summary>
    public nn.Module<Tensor, Tensor> Dense => ModelOf(dense);

    /// <summary>After <see cref="TrainOn"/>: with two of four weights.</summary>
    public nn.Module<Tensor, Tensor> Pruned => ModelOf(pruned);

    static nn.Module<Tensor, Tensor> ModelOf(ITrainingRun run) => (nn.Module<Tensor, Tensor>)((IModelRun)run).Model;

    Geometry Sizes => setup.Geometry;

    /// <summary>Positions of the training pictures that scales are found on.</summary>
    public long[] CalibrationRows(Func<int, bool> isAllowed)
    {
        var wanted = Sizes.Int("calibration_batches") * Sizes.Int("calibration_batch");
        return [.. Enumerable.Range(0, (int)trainer.Inputs.shape[0]).Where(isAllowed).Take(wanted).Select(row => (long)row)];
    }

    /// <summary>Trains both a little more, on the same pictures, one of them with two of four weights; or takes what an earlier run kept.</summary>
    public void TrainOn(IRunProgress progress, CancellationToken stop)
    {
        TrainOn(dense, isPruned: false, "all weights", progress, stop);
        TrainOn(pruned, isPruned: true, "two of four weights", progress, stop);
    }

    void TrainOn(ITrainingRun run, bool isPruned, string weights, IRunProgress progress, CancellationToken stop)
    {
        var (model, origin) = (ModelOf(run), $"{setup.Entry.Sha256} {setup.Weights.Record.WeightsSha256}");
        new DerivedWeights(setup.Kept).LoadOrMake($"{setup.Entry.Id}-{(isPruned ? "pruned" : "dense")}", origin, model, () =>
        {
            setup.Weights.LoadInto(model);
            model.train();
            // The mask is kept after every update.
            using var pruning = isPruned ? new Pruning(Modules(model)) : null;
            pruning?.Apply();
            var recipe = setup.Trainer.Recipe;
            var steps = (int)(Sizes.Number("fine_tuning_share") * recipe.Epochs * recipe.BatchesPerEpoch);
            var rate = Sizes.Number("fine_tuning_learning_rate");
            for (var step = 0; step < steps; step++)
            {
                stop.ThrowIfCancellationRequested();
                var loss = run.Step(rate * (1 - (double)step / steps));
                pruning?.Apply();
                progress.Report("fine-tuning", (double)step / steps, $"step {step + 1}/{steps}, {weights}, loss {loss:0.000}");
            }
        });
        model.eval();
    }

    public NetworkModules Modules(nn.Module model) => new(model, (int)trainer.Inputs.shape[1]);

    /// <summary>The scales of what each layer gives, on training pictures as the training shows them.</summary>
    public Calibration Calibrate(IReadOnlyList<FoldedLayer> folded, long[] rows)
    {
        using var network = new FoldedNetwork(folded);
        var calibration = new Calibration([.. folded.Select(row => row.Layer)]);
        var noise = new Xoshiro(Seed);
        foreach (var batch in rows.Chunk(Sizes.Int("calibration_batch")))
        {
            using var scope = NewDisposeScope();
            calibration.See(network, trainer.Present(trainer.Inputs.index_select(0, tensor(batch)), ref noise));
        }
        return calibration;
    }

    public void Dispose()
    {
        dense.Dispose();
        pruned.Dispose();
    }
}

/// <summary>A technique, alone or with others: what it takes, and how it answers.</summary>
/// <param name="Name">In the names of its metrics.</param>
/// <param name="Bytes">Of weights and all that belongs to them; none for another way to the same answers, which is only timed.</param>
/// <param name="Answer">From pictures [B, 3, H, W] to logits.</param>
public sealed record Technique(string Name, long? Bytes, Func<Tensor, Tensor> Answer);

/// <summary>Bytes of a network in each of its forms, without norms, which are part of weights and biases.</summary>
static class StoredBytes
{
    const int Fp32 = 4, Half = 2;

    public static long OfFp32(IReadOnlyList<FoldedLayer> layers) => Fp32 * layers.Sum(Numbers);

    public static long OfHalf(IReadOnlyList<FoldedLayer> layers) => Half * layers.Sum(Numbers);

    /// <summary>A byte per weight, a scale and a bias per output.</summary>
    public static long OfInt8(IReadOnlyList<FoldedLayer> layers) => layers.Sum(row => (long)row.Weights.Length + 2 * Half * row.Biases.Length);

    /// <summary>fp32 weights, with the packed file's places.</summary>
    public static long OfTwoOfFour(IReadOnlyList<FoldedLayer> layers, PackedModel.Sizes packed) =>
        Fp32 * (packed.Weights + layers.Sum(row => row.Biases.Length)) + packed.Places;

    static long Numbers(FoldedLayer row) => (long)row.Weights.Length + row.Biases.Length;
}
