using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Compare;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Report;

namespace MlPerfEdu.Workloads.Machine.PeakSweep;

/// <summary>What was measured with one number of threads.</summary>
sealed class SweepRun(int threads, IReadOnlyList<MeasuredPoint> points)
{
    public int Threads => threads;

    public string With => $"{threads} thread{(threads == 1 ? "" : "s")}";

    public IReadOnlyList<(SweepPoint Point, IReadOnlyList<double> Samples)> Chains { get; } =
        [.. points.Where(point => point.Name == SweepPoints.Chain).Select(point => (SweepPoint.Of(point.At), point.Samples))];

    public double LargestRate => Largest.Flops / Statistics.Median(LargestSamples);

    /// <summary>What an operator costs that computes next to nothing.</summary>
    public double Floor => Statistics.Median(FloorSamples);

    /// <summary>Of the largest product. The best against the best: a neighbour may have been busy during one of them.</summary>
    public double BestRate => Largest.Flops / LargestSamples.Min();

    public IEnumerable<double> BestRates => Chains.Select(chain => chain.Point.Flops / chain.Samples.Min());

    SweepPoint Largest => SweepPoint.Of(Only(SweepPoints.Largest).At);

    IReadOnlyList<double> LargestSamples => Only(SweepPoints.Largest).Samples;

    IReadOnlyList<double> FloorSamples => Only(SweepPoints.Floor).Samples;

    public IEnumerable<Finding> Compared() =>
    [
        // What is beside the others has nothing beside it.
        Time("largest product", ByRound(LargestSamples).Select(samples => new TimedRound(samples)), threads == 1, Rate(Largest)),
        Time("empty operator", ByRound(FloorSamples).Select(samples => new TimedRound(samples)), oneThread: true, Units.Seconds),
        .. Chains.Select(chain => Time(
            $"{chain.Point}",
            ByRound(chain.Samples).Zip(ByRound(LargestSamples), (samples, largest) => new TimedRound(samples, largest.Min())),
            threads == 1, Rate(chain.Point))),
    ];

    TimeFinding Time(string what, IEnumerable<TimedRound> rounds, bool oneThread, Func<double, string> say) =>
        new($"{what}, {With}", [.. rounds], oneThread, say);

    // One sample of the floor in each round, as many of the others as in any other round.
    IEnumerable<double[]> ByRound(IReadOnlyList<double> samples) => samples.Chunk(Math.Max(samples.Count / FloorSamples.Count, 1));

    static Func<double, string> Rate(SweepPoint point) => seconds => Units.Si(point.Flops / seconds, "FLOP/s");

    MeasuredPoint Only(string name) => points.Single(point => point.Name == name);
}
