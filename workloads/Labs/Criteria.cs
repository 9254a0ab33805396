namespace MlPerfEdu.Labs;

/// <summary>What a criterion gave, and one sentence on why.</summary>
sealed record Earned(int Points, string Feedback, bool Review = false);

/// <summary>One method per criterion of a rubric.</summary>
static class Criteria
{
    /// <summary>Of the points of an axis: both where the prediction was measured, one where the measurement does not exclude it.</summary>
    const int PartsPerAxis = 2;

    /// <summary>By the limits that the course's entry states, not by those in the file.</summary>
    public static Earned Target(WorkloadEntry entry, EvidenceRecord record, int points)
    {
        var choice = entry.Data.First(choice => choice.Dataset == record.Data.Dataset);
        var checks = choice.Also.Prepend(choice.QualityTarget).Select(target => Check(target, record)).ToList();
        if (checks.FirstOrDefault(check => !check.Met) is { } missed)
            return new(0, $"Missed: {missed}.");
        return record.Validity.FirstOrDefault(line => !line.Met) is { } line
            ? new(0, $"The run does not count: {line}.")
            : new(points, $"Reached: {string.Join(", ", checks)}.");
    }

    static QualityCheck Check(QualityTarget target, EvidenceRecord record) =>
        QualityCheck.Of(target, record.Quality.Checks.FirstOrDefault(check => check.Metric == target.Metric)?.Value ?? double.NaN);

    public static Earned Speed(EvidenceRecord record, EvidenceRecord? reference, GradedFactor points)
    {
        // Other programs make steps slower, never faster: the fastest ones say most about the workload.
        if (Fastest(record) is not { } step)
            return new(0, "No step was measured.");
        if (reference is null || Fastest(reference) is not { } best)
            return new(points.Points, $"The fastest step took {Units.Seconds(step)}; nothing is taken off, because the course has no reference for {record.Machine.Class}.", Review: true);
        var factor = step / best;
        return new(points.For(factor),
            $"The fastest step took {Units.Seconds(step)}, {Units.Ratio(factor)} of the reference's {Units.Seconds(best)} on {record.Machine.Class}{Limits(points)}.");
    }

    public static Earned Regime(EvidenceRecord record, int points)
    {
        var parts = 0;
        var said = new List<string>();
        foreach (var line in LabReport.Axes(record))
        {
            parts += line.Outcome switch { RegimeOutcome.Kept => PartsPerAxis, RegimeOutcome.NotExcluded when line.IsMeasured => 1, _ => 0 };
            said.Add($"{line.Axis.Name()} {line.Said.Name()}, measured {line.Measured.Name()}");
        }
        return new(points * parts / (PartsPerAxis * said.Count), $"Predicted: {string.Join("; ", said)}; in the student's words: {record.Prediction!.Because.ReplaceLineEndings(" ")}");
    }

    public static Earned StepTime(EvidenceRecord record, GradedFactor points) => Median(record.Measurement.StepSeconds) is { } step
        ? Error(points, record, record.Prediction!.StepSeconds, step, Units.Seconds)
        : new(0, "No step was measured.");

    public static Earned DoubledBatch(EvidenceRecord record, GradedFactor points) => record.Point()?.BatchGrowth is { } growth
        ? Error(points, record, record.Prediction!.DoubledBatch, growth.Middle, ratio => Units.Ratio(ratio))
        : new(0, "Twice the batch was not measured often enough: run the lab on a free machine.");

    // Who could not measure in peace is no worse at predicting: a person decides.
    static Earned Error(GradedFactor points, EvidenceRecord record, double said, double measured, Func<double, string> text)
    {
        var factor = Math.Max(said / measured, measured / said);
        var busy = LabReport.IsBusy(record);
        return new(points.For(factor),
            $"Predicted {text(said)}, measured {text(measured)}{(busy ? " while other programs held the cores" : "")}: off by a factor of {factor:0.00}{Limits(points)}.", busy);
    }

    static double? Fastest(EvidenceRecord record) => record.Measurement.StepSeconds is { Count: > 0 } steps ? steps.Min() : null;

    static string Limits(GradedFactor points) => $" (all points up to {points.FullUpTo:0.##}, none from {points.NoneFrom:0.##} on)";

    static double? Median(IReadOnlyList<double> samples) => samples.Count == 0 ? null : Statistics.Median(samples);
}
