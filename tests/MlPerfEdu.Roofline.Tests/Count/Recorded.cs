using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Torch;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MlPerfEdu.Roofline.Tests.Count;

/// <summary>Runs layers under the recorder and holds what was seen against what was counted.</summary>
static class Recorded
{
    /// <param name="modules">All that have parameters, to compare their number too; none when they hold others besides.</param>
    public static void Equals(StepCounter counter, Func<Tensor> forward, params Module[] modules) =>
        Compare(counter, () => forward().sum().backward(), modules);

    public static void EqualsInference(StepCounter counter, Func<Tensor> forward, params Module[] modules) => Compare(
        counter,
        () =>
        {
            using var mode = no_grad();
            forward();
        },
        modules);

    static void Compare(StepCounter counter, Action step, Module[] modules)
    {
        var count = counter.Build();
        Assert.Equal(count.Flops, count.Layers.SelectMany(layer => layer.Operators).Sum(row => row.Flops));
        var recorder = new TorchRecorder();
        if (recorder.Unavailable is not null)
            return;

        var recorded = recorder.Record(() =>
        {
            using var scope = NewDisposeScope();
            step();
        });

        Assert.Empty(RecordedCount.Differences(count, recorded));
        Assert.Equal(count.Flops, recorded.Sum(row => RecordedProduct.Of(row)?.Flops ?? 0));
        // What stands for something trained before is no module.
        var before = count.Layers.Where(layer => layer.Layer == "trained before").Sum(layer => layer.Parameters);
        if (modules.Length > 0)
            Assert.Equal(modules.SelectMany(module => module.parameters()).Sum(parameter => parameter.numel()), count.Parameters - before);
    }
}
