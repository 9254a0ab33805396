using MlPerfEdu.Engine.Experiments;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Compare;

namespace MlPerfEdu.Workloads.Machine.Stories;

/// <summary>Everything that follows from the points.</summary>
sealed class StoriesFindings(IReadOnlyList<StoriesSize> sizes, IReadOnlyList<StoriesSize> timed, IReadOnlyList<MeasuredPoint> points)
{
    readonly IReadOnlyList<StoriesRun> runs = [.. timed.Select(size => new StoriesRun(size, points))];

    StoriesRun Largest => runs[0];

    public Findings Findings()
    {
        var original = OriginalSteps.Accounting(Largest.Size);
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["parameters_110m"] = Largest.Parameters,
            ["seed_gflop"] = original.Total / 1e9,
            ["seed_rate_error"] = OriginalSteps.LargestRateError(original),
            ["gflop"] = Largest.Count.Flops / 1e9,
            ["sum_error"] = runs.Max(run => run.SumError),
            ["unattributed_share"] = runs.Max(run => run.UnattributedShare),
            ["first_loss_error"] = runs.Max(run => run.FirstLossError),
            ["least_loss_fall"] = runs.Min(run => run.Losses[1] - run.Losses[^1]),
            ["gradient_difference_fp32"] = Value(StoriesPoints.GradientDifference32),
            ["gradient_difference_fp64"] = Value(StoriesPoints.GradientDifference64),
            ["share_of_peak"] = Largest.Count.Flops / Largest.MedianStep / Largest.PeakFlopsPerSecond,
        };
        // A system without a recorder cannot contradict the count.
        var recorded = points.SingleOrDefault(point => point.Name == StoriesPoints.RecordedDifferences);
        metrics["recorded_differences"] = recorded?.Samples[0] ?? 0;

        TitledTable[] portable =
        [
            StoriesTables.Sizes(sizes), StoriesTables.Accounting(original, Largest.Count), OriginalSteps.Rates(original), OriginalSteps.Breakdown(),
        ];
        var text = "stories110m-step\n" + string.Concat(portable.Select(table => $"\n{table.Title}\n\n{table.Table}"));
        return new Findings(
            metrics, [.. runs.SelectMany(run => new[] { StoriesTables.Parts(run), StoriesTables.Losses(run) }), .. portable], text)
        {
            Drawings = [StoriesDrawings.Steps(runs)],
            Compared = [.. runs.SelectMany(run => run.Compared())],
        };
    }

    double Value(string name) => points.Single(point => point.Name == name).Samples[0];
}

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

/// <summary>What was measured of one model, and what follows from it alone.</summary>
sealed class StoriesRun(StoriesSize size, IReadOnlyList<MeasuredPoint> points)
{
    public StoriesSize Size => size;

    public StepCount Count { get; } = StoriesCount.Of(size);

    public long Parameters => (long)Samples(StoriesPoints.Parameters)[0];

    public IReadOnlyList<double> Losses => Samples(StoriesPoints.Loss);

    /// <summary>How far the first loss is from that of an even guess.</summary>
    public double FirstLossError => Math.Abs(Losses[0] - Math.Log(size.Vocabulary));

    public double FirstStep => Steps[0];

    public double MedianStep => Statistics.Median(Measured(StoriesPoints.Step));

    public double MedianUnattributed => Statistics.Median(Measured(StoriesPoints.Unattributed));

    /// <summary>The best product between the steps.</summary>
    public double PeakFlopsPerSecond
    {
        get
        {
            var product = Point(StoriesPoints.Product);
            return 2 * Math.Pow(product.At["size"], 3) / product.Samples.Min();
        }
    }

    /// <summary>The largest part of a step that its parts and what lies between them leave out or count twice.</summary>
    public double SumError => PerStep((step, parts, between) => Math.Abs(parts + between - step) / step);

    public double UnattributedShare => PerStep((step, parts, _) => (step - parts) / step);

    public double Median(StepPart part, Pass pass) => Statistics.Median(Measured(StepParts.Point(part, pass)));

    public double Median(StepPart part) => part.Passes().Sum(pass => Median(part, pass));

    public double FirstUnattributed => Samples(StoriesPoints.Unattributed)[0];

    public double First(StepPart part) => part.Passes().Sum(pass => Samples(StepParts.Point(part, pass))[0]);

    /// <summary>The step and each of its parts, next to the largest product; parts that compute almost nothing are one.</summary>
    public IEnumerable<TimeFinding> Compared()
    {
        var small = Points(StepPart.Data).Concat(Points(StepPart.Embedding)).Append(StoriesPoints.Unattributed).ToList();
        var parts = StepParts.All.SelectMany(Points).Except(small).Select(name => Timed(name, [name]));
        return [Timed("step", [StoriesPoints.Step]), .. parts, Timed("data, embedding and unattributed", small)];

        static IEnumerable<string> Points(StepPart part) => part.Passes().Select(pass => StepParts.Point(part, pass));
    }

    TimeFinding Timed(string what, IReadOnlyList<string> points)
    {
        var products = Measured(StoriesPoints.Product);
        double[][] seconds = [.. points.Select(Measured)];
        return new(
            $"{size.Name} {what}", [.. products.Select((product, step) => new TimedRound([seconds.Sum(point => point[step])], product))],
            OneThread: false, Units.Seconds);
    }

    double PerStep(Func<double, double, double, double> value) => Enumerable.Range(1, Steps.Count - 1).Max(i => value(
        Steps[i],
        StepParts.All.Sum(part => part.Passes().Sum(pass => Samples(StepParts.Point(part, pass))[i])),
        Samples(StoriesPoints.Unattributed)[i]));

    IReadOnlyList<double> Steps => Samples(StoriesPoints.Step);

    // The first step finds cold caches, untouched memory and threads that do not run yet.
    double[] Measured(string name) => [.. Samples(name).Skip(1)];

    IReadOnlyList<double> Samples(string name) => Point(name).Samples;

    MeasuredPoint Point(string name) =>
        points.Single(point => point.Name == name && point.At["parameters"] == size.Parameters);
}
