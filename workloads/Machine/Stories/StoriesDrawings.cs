using MlPerfEdu.Engine.Experiments;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Report.Plots;

namespace MlPerfEdu.Workloads.Machine.Stories;

static class StoriesDrawings
{
    /// <summary>A step of each model, and the first one apart, divided into the parts that its time goes to.</summary>
    public static NamedDrawing Steps(IReadOnlyList<StoriesRun> runs) => new("step", new Bars(
        "Where the time of a training step goes",
        "Each bar is one step: forward and backward of every part together, medians of the steps after the first, and the first step.",
        [
            .. runs.SelectMany(run => new[]
            {
                Step($"{run.Size.Name}, a step", run.MedianStep, run.Median, run.MedianUnattributed),
                Step($"{run.Size.Name}, the first step", run.FirstStep, run.First, run.FirstUnattributed),
            }),
        ]));

    static Bar Step(string name, double seconds, Func<StepPart, double> part, double unattributed) => new(
        name, Units.Seconds(seconds),
        [.. StepParts.All.Select(one => new BarPart(one.Name(), part(one))), new BarPart(StoriesPoints.Unattributed, unattributed)]);
}
