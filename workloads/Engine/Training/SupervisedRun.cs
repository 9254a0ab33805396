using System.Runtime.InteropServices;
using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Measure;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Engine.Training;

/// <summary>The training of one <see cref="SupervisedWorkload"/> from one seed.</summary>
sealed class SupervisedRun : IModelRun, IRunningStep
{
    readonly SupervisedWorkload workload;
    readonly Module<Tensor, Tensor> model;
    // Absent where libtorch's operators are the step.
    readonly SupervisedFusedStep? fused;
    readonly IOptimizer optimizer;
    readonly BatchOrder order;
    readonly Tensor positions;
    Xoshiro noise;

    public SupervisedRun(SupervisedWorkload workload, Recipe recipe, int batch, int seed)
    {
        this.workload = workload;
        order = new BatchOrder((int)workload.Inputs.shape[0], batch, (ulong)seed);
        random.manual_seed(seed);
        model = workload.BuildModel();
        // Muon multiplies the gradients that libtorch computes.
        fused = recipe.Optimizer == "muon" ? null : workload.Fuse(model, batch);
        optimizer = recipe.Optimizer == "muon" ? new Muon(model, recipe) : FlatAdamW.Of(model.parameters(), recipe, fused?.Gradients);
        if (model is IModelProducts { Products: var products }) optimizer.Updated = products.Renew;
        positions = zeros(batch, int64);
        noise = Noise(seed);
    }

    // Separates the noise of a seed from its data order.
    const ulong NoiseStream = 0x6E6F6973;

    public static Xoshiro Noise(int seed) => new((ulong)seed ^ NoiseStream);

    /// <summary>The one batch that every step takes; absent: each takes the next of an order.</summary>
    public long[]? Only { get; init; }

    ReadOnlySpan<long> Next() => Only ?? order.Next();

    /// <summary>The count of the model's layers, as the plain form runs them.</summary>
    public StepCount Plain { get; init; } = new(0, []);

    public StepCount Count => fused?.CountOf(Plain) ?? Plain;

    Module IModelRun.Model => model;

    public float Step(double learningRate)
    {
        optimizer.LearningRate = learningRate;
        return TakeStep();
    }

    void IRunningStep.Step() => TakeStep();

    float TakeStep()
    {
        if (fused is null) return TakePlainStep();
        var loss = fused.Backward(Next());
        optimizer.Step();
        return loss;
    }

    float TakePlainStep()
    {
        using var scope = NewDisposeScope();
        Next().CopyTo(MemoryMarshal.Cast<byte, long>(positions.bytes));
        var rows = workload.Inputs.index_select(0, positions);
        var targets = ReferenceEquals(workload.Inputs, workload.Targets) ? rows : workload.Targets.index_select(0, positions);
        var loss = workload.Loss(model.call(workload.Present(rows, ref noise)), targets);
        loss.backward();
        optimizer.Step();
        return loss.item<float>();
    }

    public Scores Evaluate(CancellationToken stop) => workload.Score(model, stop);

    public void Dispose()
    {
        optimizer.Dispose();
        fused?.Dispose();
        positions.Dispose();
        model.Dispose();
    }
}
