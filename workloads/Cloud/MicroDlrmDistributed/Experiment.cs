using MlPerfEdu.Engine.Distributed;
using MlPerfEdu.Engine.Experiments;
using MlPerfEdu.Engine.Running;
using MlPerfEdu.Roofline.Compare;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Roofline;
using static System.FormattableString;

namespace MlPerfEdu.Workloads.Cloud.MicroDlrmDistributed;

/// <summary>Trains micro-dlrm as several processes that exchange gradients, and compares them with one process.</summary>
[Workload("micro-dlrm-distributed")]
public sealed class MicroDlrmDistributedExperiment(ExperimentSetup setup) : IExperiment, IRankedExperiment
{
    readonly IReadOnlyList<int> sizes = setup.Geometry.Ints("ranks");

    public string? Unavailable =>
        OpenMpi.Find(Environment.GetEnvironmentVariable, out var missing) is null ? $"{missing} ({OpenMpi.HowToInstall})" : null;

    public IReadOnlyList<MeasuredPoint> Measure(IRunProgress progress, CancellationToken stop)
    {
        var mpi = OpenMpi.Find(Environment.GetEnvironmentVariable, out var missing) ?? throw DistributedErrors.NoOpenMpi(missing);
        var points = new List<MeasuredPoint>();
        foreach (var (index, size) in sizes.Index())
        {
            progress.Report("ranks", (double)index / sizes.Count, $"{size} processes");
            var threads = Math.Max(1, Environment.ProcessorCount / size);
            using var team = new RankTeam(
                mpi, GetType().Assembly.Location, size, threads, ["rank", setup.Entry.Id, "--attached", "--json"]);
            points.AddRange(RankAnswer.Parse(team.Finish(stop)).Points);
        }

        return points;
    }

    public IReadOnlyList<MeasuredPoint> MeasureRank(IProcessGroup group, int? steps, IRunProgress progress, CancellationToken stop) =>
        new RankMeasurement(setup.Geometry, group).Take(steps ?? setup.Geometry.Int("steps"), progress, stop);

    public Findings Derive(IReadOnlyList<MeasuredPoint> points) => new DistributedFindings(sizes, points).Findings();
}

/// <summary>Names and places of what ranks measure.</summary>
static class RankPoints
{
    public const string Step = "step", Loss = "loss", Difference = "gradient difference", Largest = "largest gradient",
        Digest = "parameters after the last step", Exchange = "all-reduce alone";

    public const string Ranks = "ranks", Rank = "rank", Bytes = "bytes";

    public static IReadOnlyList<MeasuredPoint> Named(this IReadOnlyList<MeasuredPoint> points, string name, int ranks) =>
        [.. points.Where(point => point.Name == name && point.At[Ranks] == ranks)];
}

/// <summary>What the points of all ranks say.</summary>
sealed class DistributedFindings(IReadOnlyList<int> sizes, IReadOnlyList<MeasuredPoint> points)
{
    // Steps at either end whose losses are averaged.
    const int Window = 10;

    public Findings Findings() => new(
        new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["gradient_difference"] = Worst(GradientDifference),
            ["relative_gradient_difference"] = Worst(size => GradientDifference(size) / Worst(RankPoints.Largest, size)),
            ["replicas_apart"] = Worst(size => ReplicasApart(size)),
            ["missing_ranks"] = Worst(size => size - Of(RankPoints.Step, size).Count),
            ["loss_left"] = Worst(LossLeft),
            ["largest_exchange_share"] = Worst(size => Exchange(size).Seconds / StepSeconds(size)),
        },
        [new("Training as several processes", TrainingTable()), new("All-reduce alone, against bytes over bandwidth", ExchangeTable())],
        Portable())
    {
        Compared = [.. sizes.Select(size => new TimeFinding(
            $"step of {size} ranks", [new(Of(RankPoints.Step, size)[0].Samples)], OneThread: false, Units.Seconds))],
    };

    double Worst(Func<int, double> metric) => sizes.Max(metric);

    double Worst(string name, int size) => Of(name, size).SelectMany(point => point.Samples).Max();

    double GradientDifference(int size) => Worst(RankPoints.Difference, size);

    int ReplicasApart(int size) => Of(RankPoints.Digest, size).Select(point => point.Samples[0]).Distinct().Count() - 1;

    // All ranks' losses are parts of one.
    double LossLeft(int size) => Of(RankPoints.Loss, size).Average(point => point.Samples.TakeLast(Window).Average())
        / Of(RankPoints.Loss, size).Average(point => point.Samples.Take(Window).Average());

    double StepSeconds(int size) => Statistics.Median(Of(RankPoints.Step, size)[0].Samples);

    // The slowest rank decides.
    static double ExchangeSeconds(IEnumerable<MeasuredPoint> ofOneSize) => ofOneSize.Max(point => Statistics.Median(point.Samples));

    List<(double Bytes, double Seconds)> Exchanges(int size) => [.. Of(RankPoints.Exchange, size)
        .GroupBy(point => point.At[RankPoints.Bytes]).Select(group => (group.Key, ExchangeSeconds(group))).OrderBy(pair => pair.Key)];

    // That of the model's gradients: each rank measures it first.
    (double Bytes, double Seconds) Exchange(int size)
    {
        var bytes = Of(RankPoints.Exchange, size)[0].At[RankPoints.Bytes];
        return Exchanges(size).Single(exchange => exchange.Bytes == bytes);
    }

    TextTable TrainingTable()
    {
        var table = new TextTable(
            1, "ranks", "step", "all-reduce alone", "of the step", "gradient difference", "of the largest", "loss left", "replicas apart");
        foreach (var size in sizes)
        {
            table.Row(
                Invariant($"{size}"), Units.Seconds(StepSeconds(size)), Units.Seconds(Exchange(size).Seconds),
                Units.Percent(Exchange(size).Seconds / StepSeconds(size)), Invariant($"{GradientDifference(size):0.0e+0}"),
                Invariant($"{GradientDifference(size) / Worst(RankPoints.Largest, size):0.0e+0}"), Units.Percent(LossLeft(size)),
                Invariant($"{ReplicasApart(size)}"));
        }

        return table;
    }

    // A ring sends 2 · (n − 1) / n of the bytes over each link (Patarasu and Yuan, 2009); the fastest message says what a link can do.
    TextTable ExchangeTable()
    {
        var table = new TextTable(1, "ranks", "bytes", "all-reduce", "sent per rank", "GB/s per link", "bytes / bandwidth", "beyond it");
        foreach (var size in sizes)
        {
            var exchanges = Exchanges(size);
            var ring = 2.0 * (size - 1) / size;
            var bandwidth = exchanges.Max(exchange => ring * exchange.Bytes / exchange.Seconds);
            foreach (var (bytes, seconds) in exchanges)
            {
                var least = ring * bytes / bandwidth;
                table.Row(
                    Invariant($"{size}"), Units.Si(bytes, "B"), Units.Seconds(seconds), Units.Si(ring * bytes, "B"),
                    Invariant($"{ring * bytes / seconds / 1e9:0.00}"), Units.Seconds(least), Units.Seconds(seconds - least));
            }
        }

        return table;
    }

    IReadOnlyList<MeasuredPoint> Of(string name, int size) => points.Named(name, size);

    string Portable() =>
        $"micro-dlrm-distributed\n{string.Join(" and ", sizes)} ranks: gradients averaged in one all-reduce per step, " +
        "held against one process on the whole batch\n" +
        "all-reduce alone: medians of each rank, the slowest decides\n";
}
