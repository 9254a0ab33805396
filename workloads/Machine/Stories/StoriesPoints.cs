using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Workloads.Machine.Stories;

/// <summary>What the experiment measures, as evidence names it. Samples are one per step, the first step first.</summary>
static class StoriesPoints
{
    public const string Step = "step";
    public const string Unattributed = "unattributed";
    public const string Loss = "mean loss";
    public const string Parameters = "parameters";
    public const string Product = "largest product";
    public const string GradientDifference32 = "gradient difference fp32";
    public const string GradientDifference64 = "gradient difference fp64";
    public const string RecordedDifferences = "recorded differences";

    const string Seconds = "seconds";

    public static List<MeasuredPoint> Of(
        StoriesSize size, long parameters, IReadOnlyList<TimedStep> steps, int productSize, IReadOnlyList<double> products)
    {
        var productAt = new Dictionary<string, double>(size.At) { ["size"] = productSize };
        return
        [
            new(Parameters, size.At, "numbers", [parameters]),
            new(Loss, size.At, "nats", [.. steps.Select(step => step.Loss)]),
            new(Step, size.At, Seconds, [.. steps.Select(step => step.Seconds)]),
            .. StepParts.All.SelectMany(part => part.Passes().Select(pass => new MeasuredPoint(
                StepParts.Point(part, pass), size.At, Seconds, [.. steps.Select(step => step.Times.Of(part, pass))]))),
            new(Unattributed, size.At, Seconds, [.. steps.Select(step => step.Times.Unattributed)]),
            new(Product, productAt, Seconds, products),
        ];
    }
}
