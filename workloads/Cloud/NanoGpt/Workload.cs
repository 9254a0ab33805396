using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.NanoGpt;

/// <summary>Learns to predict the next character of a text from those before it.</summary>
[Workload("nanogpt-train", HasBf16 = true)]
public sealed class NanoGptTrainWorkload(WorkloadSetup setup)
    : NextCharacterWorkload(setup, NanoGptGeometry.From(setup.Entry.Geometry).Vocabulary, EvaluationBatch)
{
    // What one layer makes of them stays in the cache.
    const int EvaluationBatch = 16;
    const int CheckedSeed = 1;

    readonly NanoGptGeometry geometry = NanoGptGeometry.From(setup.Entry.Geometry);
    readonly PrecisionChoice precision = setup.Precision;

    protected internal override Module<Tensor, Tensor> BuildModel()
    {
        var model = new NanoGptModel(geometry, precision);
        if (Recipe.ShallowLayers is { } layers) model.Silence(layers);
        if (Recipe.SinusoidalPositions is { } deviation) model.InitialisePositions(deviation);
        return model;
    }

    public override IReadOnlyList<Invariant> CheckInvariants()
    {
        random.manual_seed(CheckedSeed);
        using var model = new NanoGptModel(geometry, precision);
        return [.. base.CheckInvariants(), CheckCausality(model)];
    }
}
