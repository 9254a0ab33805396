using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Roofline.Compare;

/// <summary>One run in the history of a workload on one machine.</summary>
/// <param name="Step">Seconds: the lower quartile of the fastest step of each round. Other load makes steps slower, never faster.</param>
/// <param name="Median">Of all its steps, in seconds.</param>
/// <param name="Fence">A step above it is slower than the runs before explain; absent while they are few.</param>
/// <param name="Slower">It is above the fence, and the machine and chance do not explain that.</param>
public sealed record HistoryRun(
    string MeasuredAt, string Commit, string ContentSha256, double Step, double Median, double? Fence, bool Slower);

/// <summary>The runs of a workload one after the other, each held against those before it. What counts as slower depends on how they vary.</summary>
public static class RunHistory
{
    /// <summary>Quartiles of fewer runs say little about the next one.</summary>
    public const int FewestRuns = 12;

    // Tukey's outer fence.
    const double Reach = 3;

    /// <param name="records">Of one workload and one machine.</param>
    public static IReadOnlyList<HistoryRun> Of(IEnumerable<EvidenceRecord> records)
    {
        // A run that was slower says nothing about the noise of the others.
        var (history, usual) = (new List<HistoryRun>(), new List<(double Step, EvidenceRecord Record)>());
        foreach (var record in records.Where(record => record.Measurement.StepSeconds.Count > 0).OrderBy(record => record.MeasuredAt, StringComparer.Ordinal))
        {
            var speed = StepSpeed.Of(record.Measurement, record);
            var step = Math.Exp(speed.Level(round => round.Step));
            var fence = usual.Count < FewestRuns ? (double?)null : Fence([.. usual.Select(run => run.Step)]);
            var slower = step > fence && StepTimeComparison.Of(Middle(usual), record).Ratio is { Low: > 1 };
            history.Add(new(record.MeasuredAt, record.Source.Commit, record.ContentSha256, step, speed.Typical, fence, slower));
            if (!slower)
                usual.Add((step, record));
        }
        return history;
    }

    static double Fence(IReadOnlyList<double> steps)
    {
        var (first, third) = (Statistics.Quantile(steps, 0.25), Statistics.Quantile(steps, 0.75));
        return third + Reach * (third - first);
    }

    static EvidenceRecord Middle(List<(double Step, EvidenceRecord Record)> runs) =>
        runs.OrderBy(run => run.Step).ElementAt(runs.Count / 2).Record;
}
