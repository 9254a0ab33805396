using System.Diagnostics;
using MlPerfEdu.Roofline.Measure;
using MlPerfEdu.Roofline.Torch;
using MlPerfEdu.Workloads.Cloud.NanoGpt;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.NanoLoraFinetune;

/// <summary>The same fine-tuning of every weight: the same base, text, batches, steps and loss, and a learning rate that suits it.</summary>
sealed class FullFineTuning(NanoLoraWorkload lora, NanoGptModel start, WorkloadEntry entry, Recipe recipe)
    : SupervisedWorkload(entry, recipe with { LearningRate = entry.Geometry.Number("full_learning_rate") })
{
    public override Provenance Data => lora.Data;

    public override int EvaluationSamples => lora.EvaluationSamples;

    protected internal override Tensor Inputs => lora.Inputs;

    protected internal override Tensor Targets => lora.Targets;

    /// <summary>A copy of the base: what it learns must not reach the adapters.</summary>
    protected internal override Module<Tensor, Tensor> BuildModel()
    {
        var model = new NanoGptModel(start.Geometry);
        using var mode = no_grad();
        foreach (var (to, from) in model.parameters().Zip(start.parameters())) to.copy_(from);
        return model;
    }

    protected internal override Tensor Loss(Tensor prediction, Tensor target) => lora.Loss(prediction, target);

    protected internal override Scores Evaluate(Module<Tensor, Tensor> model, CancellationToken stop) => new(
        new Dictionary<string, double> { [NanoLoraWorkload.CrossEntropy] = lora.Nats(model.call, stop) }, new Dictionary<string, double>(), EvaluationSamples);

    /// <summary>As many steps as the recipe has, from the batches of this seed.</summary>
    /// <returns>The loss afterwards, and what training took.</returns>
    public (double Nats, TrainingTake Take) Train(int seed, IRunProgress progress, CancellationToken stop)
    {
        var (schedule, steps, nats) = (new LearningRateSchedule(Recipe), Recipe.Epochs * Recipe.BatchesPerEpoch, 0.0);
        var take = TrainingTake.Of(steps, lora.FrozenNumbers, () => Begin(seed), (run, step) =>
        {
            stop.ThrowIfCancellationRequested();
            var loss = run.Step(schedule.At(step / Recipe.BatchesPerEpoch, step));
            progress.Report("training every weight", (step + 1.0) / steps, $"loss {loss:0.000}, to compare LoRA with");
        }, run => nats = run.Evaluate(stop).Metrics[NanoLoraWorkload.CrossEntropy]);
        return (nats, take);
    }
}

/// <summary>What a training takes of the machine.</summary>
/// <param name="StepSeconds">The median step.</param>
/// <param name="PeakMegabytes">The process's largest resident set while it trained, with everything else that was there.</param>
/// <param name="StateMegabytes">Gradients and both moments of what is trained.</param>
sealed record TrainingTake(double StepSeconds, double PeakMegabytes, double StateMegabytes)
{
    const double Megabyte = 1 << 20;

    // A gradient and two moments.
    const int BytesOfState = 3 * sizeof(float);

    /// <param name="numbers">That are trained.</param>
    public static TrainingTake Of<T>(int steps, long numbers, Func<T> begin, Action<T, int> step, Action<T> end)
        where T : IDisposable
    {
        NativeProcess.ReleaseUnusedMemory();
        using var memory = PeakMemory.Start();
        using var run = begin();
        var seconds = new List<double>(steps);
        for (var i = 0; i < steps; i++)
        {
            var began = Stopwatch.GetTimestamp();
            step(run, i);
            seconds.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
        }
        var peak = memory.Bytes() / Megabyte;
        end(run);
        return new(Roofline.Statistics.Median(seconds), peak, numbers * BytesOfState / Megabyte);
    }
}
