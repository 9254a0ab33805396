using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Workloads.Cloud.MicroDlrmDistributed;

/// <summary>Names and places of what ranks measure.</summary>
static class RankPoints
{
    public const string Step = "step", Loss = "loss", Difference = "gradient difference", Largest = "largest gradient",
        Digest = "parameters after the last step", Exchange = "all-reduce alone";

    public const string Ranks = "ranks", Rank = "rank", Bytes = "bytes";

    public static IReadOnlyList<MeasuredPoint> Named(this IReadOnlyList<MeasuredPoint> points, string name, int ranks) =>
        [.. points.Where(point => point.Name == name && point.At[Ranks] == ranks)];
}
