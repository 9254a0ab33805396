using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Cloud.MicroDlrmDistributed;

namespace MlPerfEdu.Workloads.Tests.Distributed;

public class DistributedFindingsTests
{
    const double Tolerance = 1e-12;

    [Fact]
    public void Ranks_that_agree_have_nothing_apart()
    {
        var metrics = Metrics(Points(2));

        Assert.Equal(0, metrics["replicas_apart"]);
        Assert.Equal(0, metrics["missing_ranks"]);
        Assert.Equal(2e-8, metrics["gradient_difference"], Tolerance);
        Assert.Equal(1e-7, metrics["relative_gradient_difference"], Tolerance);
        Assert.Equal(0.5, metrics["loss_left"], Tolerance);
        Assert.Equal(0.25, metrics["largest_exchange_share"], Tolerance);
    }

    [Fact]
    public void One_replica_that_went_its_own_way_is_counted() =>
        Assert.Equal(1, Metrics(Changed(RankPoints.Digest, 43))["replicas_apart"]);

    [Fact]
    public void The_worst_check_of_any_rank_counts() =>
        Assert.Equal(3e-6, Metrics(Changed(RankPoints.Difference, 1e-8, 3e-6))["gradient_difference"], Tolerance);

    [Fact]
    public void A_rank_without_an_answer_is_missing() =>
        Assert.Equal(1, Metrics([.. Points(2).Where(point => !Is(point, RankPoints.Step, 1))])["missing_ranks"]);

    /// <summary>Rank 1 measured something else.</summary>
    static List<MeasuredPoint> Changed(string name, params double[] samples) =>
        [.. Points(2).Select(point => Is(point, name, 1) ? point with { Samples = samples } : point)];

    static bool Is(MeasuredPoint point, string name, int rank) => point.Name == name && point.At[RankPoints.Rank] == rank;

    static IReadOnlyDictionary<string, double> Metrics(IReadOnlyList<MeasuredPoint> points) =>
        new DistributedFindings([2], points).Findings().Metrics;

    static List<MeasuredPoint> Points(int size) => [.. Enumerable.Range(0, size).SelectMany(rank => OfRank(size, rank))];

    static IEnumerable<MeasuredPoint> OfRank(int size, int rank)
    {
        yield return Point(RankPoints.Step, [0.004, 0.004, 0.009]);
        yield return Point(RankPoints.Loss, [.. Enumerable.Repeat(0.8, 10), .. Enumerable.Repeat(0.4, 10)]);
        yield return Point(RankPoints.Difference, [1e-8, 2e-8]);
        yield return Point(RankPoints.Largest, [0.1, 0.2]);
        yield return Point(RankPoints.Digest, [42]);
        yield return Point(RankPoints.Exchange, [0.0001 + 0.0009 * rank], 4000);
        yield return Point(RankPoints.Exchange, [0.1], 4_000_000);

        MeasuredPoint Point(string name, double[] samples, double? bytes = null)
        {
            var at = new Dictionary<string, double> { [RankPoints.Ranks] = size, [RankPoints.Rank] = rank };
            if (bytes is { } size2)
                at[RankPoints.Bytes] = size2;
            return new(name, at, "seconds", samples);
        }
    }
}
