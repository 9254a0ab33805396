using System.Collections.Concurrent;
using System.Diagnostics;
using MlPerfEdu.Engine.Experiments;
using MlPerfEdu.Engine.Running;
using MlPerfEdu.Roofline.Peaks;
using MlPerfEdu.Roofline.Torch;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Machine.Stories;

/// <summary>Where the time of a language model's training step goes, on the processor.</summary>
[Workload("stories110m-step", HasBf16 = true)]
public sealed class StoriesExperiment(ExperimentSetup setup) : IExperiment
{
    readonly IReadOnlyList<StoriesSize> sizes = StoriesSize.All(setup.Geometry);

    // The smallest model is checked, the others are timed.
    StoriesSize Checked => sizes[^1];

    IReadOnlyList<StoriesSize> Timed => [.. sizes.SkipLast(1)];

    public IReadOnlyList<MeasuredPoint> Measure(IRunProgress progress, CancellationToken stop)
    {
        var points = new List<MeasuredPoint>();
        foreach (var (index, size) in Timed.Index())
        {
            // Tensors of the model before are of no use to this one.
            RunEnvironment.ReleaseUnusedMemory();
            points.AddRange(Train(
                size, setup.Geometry.Ints("steps")[index],
                (share, detail) => progress.Report("steps", (index + share) / Timed.Count, detail), stop));
        }

        progress.Report("checks", 0, $"gradients and operators of the {Checked.Name} model");
        points.Add(GradientDifference(StoriesPoints.GradientDifference32, ScalarType.Float32));
        points.Add(GradientDifference(StoriesPoints.GradientDifference64, ScalarType.Float64));
        if (RecordedDifferences() is { } differences)
            points.Add(new(StoriesPoints.RecordedDifferences, Checked.At, "operators", [differences]));
        return points;
    }

    public Findings Derive(IReadOnlyList<MeasuredPoint> points) => new StoriesFindings(sizes, [.. Timed], points).Findings();

    List<MeasuredPoint> Train(StoriesSize size, int count, Action<double, string> report, CancellationToken stop)
    {
        report(0, $"{size.Name}: drawing {size.Parameters:N0} parameters");
        using var training = new StoriesTraining(size, setup.Geometry.Int("text"), setup.Precision);
        using var probe = new TorchProbe();
        var steps = new List<TimedStep>();
        var products = new List<double>();
        var peak = setup.Geometry.Int("peak_size");
        while (steps.Count < count)
        {
            stop.ThrowIfCancellationRequested();
            steps.Add(training.Step());
            // Between the steps, so that both see the same machine.
            products.Add(probe.GemmSeconds(peak, setup.Precision.Used == Precision.Bf16 ? PeakKind.GemmBf16 : PeakKind.Gemm));
            report((double)steps.Count / count, $"{size.Name}: step {steps.Count} of {count}, loss {steps[^1].Loss:0.000}");
        }

        return StoriesPoints.Of(size, training.Parameters, steps, peak, products);
    }

    MeasuredPoint GradientDifference(string name, ScalarType dtype) =>
        new(name, Checked.At, "relative", [GradientCheck.LargestDifference(Checked, dtype)]);

    /// <summary>Operators that libtorch ran in one step and the layers did not count, or the reverse; absent without a recorder.</summary>
    double? RecordedDifferences()
    {
        var recorder = new TorchRecorder();
        if (recorder.Unavailable is not null)
            return null;
        using var training = new StoriesTraining(Checked, setup.Geometry.Int("text"), setup.Precision);
        var recorded = recorder.Record(() => training.Step());
        return RecordedCount.Differences(StoriesCount.Of(Checked, setup.Precision), recorded).Count;
    }
}

/// <summary>Trains on windows of one text of random tokens, and says where each step's time went.</summary>
sealed class StoriesTraining : IDisposable
{
    const long Seed = 42;

    readonly PartClock clock = new();
    readonly CutGraph graph;
    readonly StoriesModel model;
    readonly FlatAdamW optimizer;
    readonly long[] text;
    readonly int positions;
    Xoshiro random = new(Seed);

    public StoriesTraining(StoriesSize size, int textTokens, PrecisionChoice precision)
    {
        graph = new CutGraph(clock);
        model = new StoriesModel(size, Seed, precision: precision);
        // As the original's: Adam without decay, moments .9 and .999.
        optimizer = new FlatAdamW(model.Parameters, (0.9, 0.999), epsilon: 1e-8, weightDecay: 0, clipNorm: 0)
        {
            LearningRate = 3e-4,
            Updated = model.Products.Renew,
        };
        positions = size.Positions;
        text = [.. Enumerable.Range(0, textTokens).Select(_ => (long)random.Below(size.Vocabulary))];
    }

    public long Parameters => model.Parameters.Sum(parameter => parameter.numel());

    public TimedStep Step()
    {
        var start = Stopwatch.GetTimestamp();
        clock.Start();
        var scope = NewDisposeScope();
        var (tokens, targets) = Window();
        var loss = model.Loss(tokens, targets, graph);
        var value = 0.0;
        clock.Time(StepPart.Loss, Pass.Forward, () => value = loss.item<float>());
        graph.Backward();
        clock.Time(StepPart.Optimizer, Pass.Forward, optimizer.Step);
        scope.Dispose();
        var times = clock.Stop();
        return new TimedStep(value, Stopwatch.GetElapsedTime(start).TotalSeconds, times);
    }

    (Tensor Tokens, Tensor Targets) Window()
    {
        (Tensor, Tensor) window = default;
        clock.Time(StepPart.Data, Pass.Forward, () =>
        {
            var first = random.Below(text.Length - positions);
            window = (tensor(text[first..(first + positions)]), tensor(text[(first + 1)..(first + positions + 1)]));
        });
        return window;
    }

    public void Dispose()
    {
        optimizer.Dispose();
        model.Dispose();
    }
}

/// <param name="Seconds">Of the whole step, by a clock of its own.</param>
sealed record TimedStep(double Loss, double Seconds, StepTimes Times);

/// <summary>The gradients of the cut graph against those of the whole one, on the same weights and tokens.</summary>
static class GradientCheck
{
    const long Seed = 7;

    /// <returns>The largest difference of any parameter's gradient, as a part of that gradient's largest number.</returns>
    public static double LargestDifference(StoriesSize size, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var model = new StoriesModel(size, Seed, dtype);
        var text = randint(0, size.Vocabulary, [size.Positions + 1L]);
        var (tokens, targets) = (text.narrow(0, 0, size.Positions), text.narrow(0, 1, size.Positions));

        model.Loss(tokens, targets, new WholeGraph()).backward();
        var whole = model.Parameters.Select(parameter => parameter.grad!).ToList();
        foreach (var parameter in model.Parameters) parameter.grad = null;

        var clock = new PartClock();
        var graph = new CutGraph(clock);
        clock.Start();
        model.Loss(tokens, targets, graph);
        graph.Backward();
        return model.Parameters.Zip(whole).Max(pair => Difference(pair.First.grad!, pair.Second));
    }

    static double Difference(Tensor found, Tensor expected) =>
        ((found - expected).abs().max() / expected.abs().max()).to(float64).item<double>();
}

/// <summary>The step of one model, counted from its layers, and to which part of the step each layer belongs.</summary>
static class StoriesCount
{
    // Whoever verifies many sidecars asks for the same sizes again and again.
    static readonly ConcurrentDictionary<StoriesSize, StepCount> Kept = [];

    public static StepCount Of(StoriesSize size) => Kept.GetOrAdd(size, size => Of(size, null));

    /// <remarks>From shapes alone: the largest model has 110 million parameters.</remarks>
    public static StepCount Of(StoriesSize size, PrecisionChoice? precision) => ModuleCounter.Count(1, shapesOnly: true, step: counter =>
    {
        using var model = new StoriesModel(size, seed: 0, precision: precision);
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
