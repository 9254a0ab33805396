using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Roofline.Compare;

/// <summary>One run in the history of a workload on one machine.</summary>
/// <param name="Step">Seconds: the lower quartile of the fastest step of each round. Other load makes steps slower, never faster.</param>
/// <param name="Median">Of all its steps, in seconds.</param>
/// <param name="Fence">A step above it is slower than the runs before explain; absent while they are few.</param>
/// <param name="Slower">It and the run before it are above the fence, and the machine and chance do not explain that.</param>
public sealed record HistoryRun(
    string MeasuredAt, string Commit, string ContentSha256, double Step, double Median, double? Fence, bool Slower);

/// <summary>The runs of a workload one after the other, each held against those before it. What counts as slower depends on how they vary.</summary>
public static class RunHistory
{
    /// <summary>Quartiles of fewer runs say little about the next one.</summary>
    public const int FewestRuns = 12;

    // Tukey's outer fence.
    const double Reach = 3;

    /// <param name="points">Of one workload and one machine.</param>
    public static IReadOnlyList<HistoryRun> Of(IEnumerable<HistoryPoint> points)
    {
        // A run that was slower says nothing about the noise of the others, which are kept with the fastest first.
        var (history, usual, wasAbove) = (new List<HistoryRun>(), new List<HistoryPoint>(), false);
        foreach (var point in points.OrderBy(point => point.MeasuredAt, StringComparer.Ordinal))
        {
            var fence = usual.Count < FewestRuns ? (double?)null : Fence(usual);
            var above = point.Step > fence && StepTimeComparison.Of(usual[usual.Count / 2].Read(), point.Read()).Ratio is { Low: > 1 };
            // One run may have had a bad quarter of an hour; a change of the code stays.
            history.Add(new(point.MeasuredAt, point.Commit, point.ContentSha256, point.Step, point.Median, fence, Slower: above && wasAbove));
            wasAbove = above;
            if (!above)
                usual.Insert(Place(usual, point.Step), point);
        }
        return history;
    }

    static double Fence(List<HistoryPoint> fastestFirst)
    {
        var (first, third) = (Quantile(0.25), Quantile(0.75));
        return third + Reach * (third - first);

        double Quantile(double share)
        {
            var place = share * (fastestFirst.Count - 1);
            return Statistics.Between(fastestFirst[(int)Math.Floor(place)].Step, fastestFirst[(int)Math.Ceiling(place)].Step, place);
        }
    }

    // Behind all that are as fast.
    static int Place(List<HistoryPoint> fastestFirst, double step)
    {
        var (low, high) = (0, fastestFirst.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = fastestFirst[middle].Step <= step ? (middle + 1, high) : (low, middle);
        }
        return low;
    }
}

/// <summary>What a history needs of each run, so that thousands of them need not be in memory.</summary>
/// <param name="Read">All of the run, which only a comparison with another one takes.</param>
public sealed record HistoryPoint(string MeasuredAt, string Commit, string ContentSha256, double Step, double Median, Func<EvidenceRecord> Read)
{
    /// <summary>Absent where no step was measured.</summary>
    public static HistoryPoint? Of(EvidenceRecord record, Func<EvidenceRecord> read)
    {
        if (record.Measurement.StepSeconds.Count == 0)
            return null;
        var speed = StepSpeed.Of(record.Measurement, record);
        return new(record.MeasuredAt, record.Source.Commit, record.ContentSha256, Math.Exp(speed.Level(round => round.Step)), speed.Typical, read);
    }
}
