using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Roofline.Compare;

/// <summary>One run in the history of a workload on one machine.</summary>
/// <param name="Median">Of its steps, in seconds.</param>
/// <param name="Interval">Where that median lies, with the confidence of the measurement.</param>
/// <param name="Fence">A step above it is slower than the runs before explain; absent while they are few.</param>
/// <param name="Slower">It is above the fence, and the machine and chance do not explain that.</param>
public sealed record HistoryRun(
    string MeasuredAt, string Commit, string ContentSha256, double Median, Interval? Interval, double Score, double? Fence, bool Slower);

/// <summary>The runs of a workload one after the other, each held against those before it. What counts as slower depends on how they vary.</summary>
public static class RunHistory
{
    /// <summary>Quartiles of fewer runs say little about the next one.</summary>
    public const int FewestRuns = 8;

    // Tukey's outer fence.
    const double Reach = 3;

    /// <param name="records">Of one workload and one machine.</param>
    public static IReadOnlyList<HistoryRun> Of(IEnumerable<EvidenceRecord> records)
    {
        // A run that was slower says nothing about the noise of the others.
        var (history, usual) = (new List<HistoryRun>(), new List<(double Median, EvidenceRecord Record)>());
        foreach (var record in records.Where(record => record.Measurement.StepSeconds.Count > 0).OrderBy(record => record.MeasuredAt, StringComparer.Ordinal))
        {
            var steps = record.Measurement.StepSeconds;
            var median = Statistics.Median(steps);
            var fence = usual.Count < FewestRuns ? (double?)null : Fence([.. usual.Select(run => run.Median)]);
            var slower = median > fence && StepTimeComparison.Of(Middle(usual), record).Ratio is { Low: > 1 };
            history.Add(new(
                record.MeasuredAt, record.Source.Commit, record.ContentSha256, median,
                Statistics.MedianInterval(steps, record.Measurement.Confidence), record.Quality.Target.Value, fence, slower));
            if (!slower)
                usual.Add((median, record));
        }
        return history;
    }

    static double Fence(IReadOnlyList<double> medians)
    {
        var (first, third) = (Statistics.Quantile(medians, 0.25), Statistics.Quantile(medians, 0.75));
        return third + Reach * (third - first);
    }

    static EvidenceRecord Middle(List<(double Median, EvidenceRecord Record)> runs) =>
        runs.OrderBy(run => run.Median).ElementAt(runs.Count / 2).Record;
}
