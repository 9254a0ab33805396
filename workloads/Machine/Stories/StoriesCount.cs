using MlPerfEdu.Roofline.Count;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Machine.Stories;

/// <summary>The step of one model, counted from its layers, and to which part of the step each layer belongs.</summary>
static class StoriesCount
{
    /// <remarks>From shapes alone: the largest model has 110 million parameters.</remarks>
    public static StepCount Of(StoriesSize size) => ModuleCounter.Count(1, shapesOnly: true, step: counter =>
    {
        using var model = new StoriesModel(size, seed: 0);
        model.Loss(zeros(size.Positions, int64), zeros(size.Positions, int64), new CountedStages(counter));
        counter.Adam(UpdateStyle.Flat);
    });

    public static IReadOnlyDictionary<(StepPart Part, Pass Pass), long> FlopsByPart(StepCount count) => count.Layers
        .SelectMany(layer => new[]
        {
            (Key: (PartOf(layer), Pass.Forward), Flops: layer.Forward.Flops),
            (Key: (PartOf(layer), Pass.Backward), Flops: layer.DataGradient.Flops + layer.WeightGradient.Flops),
        })
        .GroupBy(row => row.Key, row => row.Flops)
        .ToDictionary(group => group.Key, group => group.Sum());

    /// <summary>Rows are named after their parts.</summary>
    public static StepPart PartOf(LayerCount layer) => layer.Layer.Split('.')[0] switch
    {
        "input" => StepPart.Data,
        "loss" => StepPart.Loss,
        "optimizer" => StepPart.Optimizer,
        var name => StepParts.All.Single(part => part.Name() == name),
    };
}
