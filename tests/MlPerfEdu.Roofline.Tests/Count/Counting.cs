using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Torch;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

// Counting runs models, and recording sees every thread that uses libtorch.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace MlPerfEdu.Roofline.Tests.Count;

/// <summary>Counts modules, and compares that with what libtorch runs.</summary>
static class Counting
{
    /// <param name="loss">From the output; counted when it is one of <see cref="Counted"/>.</param>
    /// <param name="update">What comes after the loss.</param>
    public static StepCount Of(
        Module<Tensor, Tensor> model, Tensor input, Func<Tensor, Tensor>? loss = null, Action<ModuleCounter>? update = null) =>
        ModuleCounter.Count((int)input.shape[0], counter =>
        {
            var output = counter.Watch(model).call(input);
            loss?.Invoke(output);
            update?.Invoke(counter);
        });

    /// <summary>Counts what is called of some modules, under the names of their variables.</summary>
    public static StepCount Of(Func<Tensor> forward, params (string Name, Module Module)[] modules) => ModuleCounter.Count(1, counter =>
    {
        foreach (var (name, module) in modules)
            counter.Watch(module, name);
        forward();
    });

    /// <summary>What libtorch runs forward and backward is what the modules count, and so are their parameters.</summary>
    public static StepCount IsRecorded(Func<Tensor> forward, params (string Name, Module Module)[] modules) =>
        IsRecorded(forward, () => forward().sum().backward(), modules);

    public static StepCount IsRecordedInInference(Func<Tensor> forward, params (string Name, Module Module)[] modules)
    {
        using var mode = no_grad();
        return IsRecorded(forward, () => forward(), modules);
    }

    static StepCount IsRecorded(Func<Tensor> forward, Action step, (string Name, Module Module)[] modules)
    {
        var count = Of(forward, modules);
        Assert.Equal(count.Flops, count.Layers.SelectMany(layer => layer.Operators).Sum(row => row.Flops));
        Assert.Equal(
            modules.SelectMany(module => module.Module.parameters()).Sum(parameter => parameter.numel()),
            count.Parameters + count.FrozenParameters);
        var recorder = new TorchRecorder();
        if (recorder.Unavailable is not null)
            return count;
        var recorded = recorder.Record(() =>
        {
            using var scope = NewDisposeScope();
            step();
        });
        Assert.Empty(RecordedCount.Differences(count, recorded));
        Assert.Equal(count.Flops, recorded.Sum(row => RecordedProduct.Of(row)?.Flops ?? 0));
        return count;
    }
}

/// <summary>A module from a function of other modules.</summary>
sealed class Composed : Module<Tensor, Tensor>
{
    readonly Func<Tensor, Tensor> run;

    public Composed(Func<Tensor, Tensor> run, params Module[] parts) : base(nameof(Composed))
    {
        this.run = run;
        foreach (var (index, part) in parts.Index())
            register_module($"{index}", part);
    }

    public override Tensor forward(Tensor x) => run(x);
}
