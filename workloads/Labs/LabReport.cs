namespace MlPerfEdu.Labs;

/// <summary>A prediction beside the measurement, with a sentence on the difference.</summary>
public sealed record LabLine(string Question, string Said, string Measured, bool Right, string Sentence);

/// <param name="Outcome">Of the prediction, held against the measurement.</param>
sealed record AxisLine(RegimeAxis Axis, RegimeValue Said, RegimeValue Measured, RegimeOutcome Outcome, string Because, string Needs)
{
    public bool IsMeasured => Measured != RegimeValue.Unmeasured;
}

/// <summary>What a student predicted beside what the run measured.</summary>
public static class LabReport
{
    /// <summary>A guess within this factor is a good one.</summary>
    const double Near = 1.5;

    const double NearRatio = 1.15;

    public static IReadOnlyList<LabLine> Lines(EvidenceRecord record) => [.. Axes(record).Select(Line), StepTime(record), DoubledBatch(record)];

    /// <summary>Whether other programs held the cores while the steps were timed.</summary>
    public static bool IsBusy(EvidenceRecord record) => record.Point() is { Disturbed: true };

    internal static IEnumerable<AxisLine> Axes(EvidenceRecord record) => record.Regimes.All.Select(verdict =>
    {
        var said = record.Prediction![verdict.Axis];
        return new AxisLine(verdict.Axis, said, verdict.Value,
            RegimeAssertion.Compare(said, verdict, record.Thresholds).Outcome, verdict.Because, RegimeRules.Of(verdict.Axis, said, record.Thresholds));
    });

    static LabLine Line(AxisLine line) => new(line.Axis.Name(), line.Said.Name(), line.Measured.Name(), line.Outcome == RegimeOutcome.Kept, line.Outcome switch
    {
        RegimeOutcome.Kept => $"As you said: {line.Because}.",
        RegimeOutcome.NotExcluded => $"The measurement does not rule your answer out, nor does it show it: {line.Because}.",
        _ => $"{line.Said.Name()} needs {line.Needs}, and measured was: {line.Because}.",
    });

    static LabLine StepTime(EvidenceRecord record)
    {
        var said = record.Prediction!.StepSeconds;
        if (record.Measurement.StepSeconds is not { Count: > 0 } steps)
            return new("step time", Units.Seconds(said), "-", false, "No step was measured.");
        var measured = Statistics.Median(steps);
        var roofs = record.Point() is { } point
            ? $" At the roofs of this machine, the step's FLOP take {Units.Seconds(record.Count.Flops / point.Compute.Middle)} and its bytes {Units.Seconds(record.Count.Bytes / point.MemoryRoof.Middle)}."
            : "";
        return new("step time", Units.Seconds(said), Units.Seconds(measured), Factor(said, measured) <= Near, Difference(said, measured, "long", "short", Near) + roofs);
    }

    static LabLine DoubledBatch(EvidenceRecord record)
    {
        var said = record.Prediction!.DoubledBatch;
        if (record.Point()?.BatchGrowth is not { } growth)
            return new("doubled batch", Units.Ratio(said), "-", false, "Twice the batch was not measured often enough: run the lab again on a free machine.");
        var measured = growth.Middle;
        var rest = measured switch
        {
            > 2 * NearRatio => "More than twice as long: twice the batch no longer fits where the batch did.",
            > 2 / NearRatio => "Nearly all of the step grows with the batch.",
            _ => $"About {100 * Math.Clamp(2 - measured, 0, 1):0} % of the step does not grow with the batch: calls, and the update of the weights.",
        };
        return new("doubled batch", Units.Ratio(said), $"{Units.Ratio(measured)} ({growth.Low:0.00} to {growth.High:0.00})", Factor(said, measured) <= NearRatio,
            $"{Difference(said, measured, "much", "little", NearRatio)} {rest}");
    }

    static string Difference(double said, double measured, string more, string less, double near) => Factor(said, measured) <= near
        ? "A good estimate."
        : $"{Factor(said, measured):0.0} times too {(said > measured ? more : less)}.";

    static double Factor(double said, double measured) => Math.Max(said / measured, measured / said);
}
