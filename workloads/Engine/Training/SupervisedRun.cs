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
    readonly Recipe recipe;
    // Absent where all layers train from the start.
    readonly IGrowingModel? growing;
    readonly long shallowSteps;
    Xoshiro noise;
    long steps;

    public SupervisedRun(SupervisedWorkload workload, Recipe recipe, int batch, int seed)
    {
        (this.workload, this.recipe) = (workload, recipe);
        shallowSteps = (long)(recipe.ShallowShare * recipe.Epochs * recipe.BatchesPerEpoch ?? 0);
        order = new BatchOrder((int)workload.Inputs.shape[0], batch, (ulong)seed);
        random.manual_seed(seed);
        model = workload.BuildModel();
        // Muon multiplies the gradients that libtorch computes.
        fused = recipe.Optimizer == "muon" ? null : workload.Fuse(model, batch);
        optimizer = recipe.Optimizer == "muon" ? new Muon(model, recipe) : FlatAdamW.Of(model.parameters(), recipe, fused?.Gradients);
        if (recipe.ShallowLayers is { } asked)
        {
            growing = model as IGrowingModel;
            if (growing is null || asked >= growing.LayerCount) throw RunErrors.NotShallow(workload.Id, asked, growing?.LayerCount);
        }
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
        if (growing is not null && (steps == 0 || steps == shallowSteps))
            growing.ActiveLayers = steps < shallowSteps ? recipe.ShallowLayers!.Value : growing.LayerCount;
        steps++;
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

/// <summary>A model of like layers, the first of which can train alone before the others join (progressive stacking, Gong et al., 2019).</summary>
public interface IGrowingModel
{
    int LayerCount { get; }

    /// <summary>How many of the layers take part; the others are frozen.</summary>
    int ActiveLayers { get; set; }
}
