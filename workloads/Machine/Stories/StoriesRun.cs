using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Compare;
using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Workloads.Machine.Stories;

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

    /// <summary>The step and each of its parts, beside the largest product; what computes next to nothing, in one.</summary>
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
