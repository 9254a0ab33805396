using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Experiments;
using MlPerfEdu.Engine.Running;
using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Peaks;
using MlPerfEdu.Roofline.Torch;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Machine.Stories;

/// <summary>Where the time of a language model's training step goes, on the processor.</summary>
[Workload("stories110m-step")]
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
            Circumstances.ReleaseUnusedMemory();
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
        using var training = new StoriesTraining(size, setup.Geometry.Int("text"));
        using var probe = new TorchProbe();
        var steps = new List<TimedStep>();
        var products = new List<double>();
        var peak = setup.Geometry.Int("peak_size");
        while (steps.Count < count)
        {
            stop.ThrowIfCancellationRequested();
            steps.Add(training.Step());
            // Between the steps, so that both see the same machine.
            products.Add(probe.GemmSeconds(peak));
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
        using var training = new StoriesTraining(Checked, setup.Geometry.Int("text"));
        var recorded = recorder.Record(() => training.Step());
        return RecordedCount.Differences(StoriesCount.Of(Checked), recorded).Count;
    }
}
