using System.CommandLine;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Peaks;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Zoo;

namespace MlPerfEdu.Workloads.Cli.Commands;

sealed class ZooCompareCommand() : ZooCommand(
    "compare", "Predict the step of every measured workload from its counts, and compare it with the measurement.",
    new Example("zoo compare", "From the newest evidence of each workload; each is predicted with constants fitted to the others."))
{
    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var store = invocation.Evidence;
        List<TimedStep> steps = [.. from entry in invocation.Catalog.Workloads
            let evidence = store.Newest<EvidenceRecord>(entry.Id, TimedSteps.WereUndisturbed)
                ?? store.Newest<EvidenceRecord>(entry.Id, record => TimedSteps.Of(record) is not null)
            where evidence is not null
            select TimedSteps.Of(evidence.Value.Record)];
        foreach (var entry in invocation.Catalog.Workloads.Where(entry => steps.All(step => step.Id != entry.Id)))
            invocation.Remark($"no measured evidence of {entry.Id}; `mlperfedu run {entry.Id}` makes some.");

        var comparison = StepComparison.Of(steps);
        invocation.Answer(
            new
            {
                Workloads = comparison.Steps.Select(RowOf), MedianErrorBefore = comparison.MedianBefore,
                MedianErrorAfter = comparison.MedianAfter, Fitted = Row(comparison.FittedToAll),
            },
            screen => Draw(screen, comparison));
        return ExitCode.Ok;
    }

    static object RowOf(ComparedStep compared) => new
    {
        compared.Step.Id, MeasuredSeconds = compared.Step.Time.Value, PredictedSecondsBefore = compared.Before.Value,
        PredictedSecondsAfter = compared.After.Value, compared.ErrorBefore, compared.ErrorAfter, compared.Longest,
        compared.Explains, FittedToOthers = Row(compared.HeldOut),
    };

    static object Row(StepHeuristics fitted) => new { fitted.Efficiency, fitted.Traffic, SecondsPerCall = fitted.PerCall.Value };

    static void Draw(Screen screen, StepComparison comparison)
    {
        var bar = Bar.For(comparison.Steps.SelectMany(step => new[] { step.Step.Time.Value, step.After.Value }));
        var grid = new Grid("workload", ">measured", ">before", ">ratio", ">held out", ">ratio", "longest term", "error in",
            "measured (#) and predicted (+), logarithmic");
        foreach (var compared in comparison.Steps)
        {
            var (measured, before, after) = (compared.Step.Time, compared.Before, compared.After);
            grid.Add(compared.Step.Id, Units.Seconds(measured.Value), Units.Seconds(before.Value), Units.Ratio(before / measured),
                Units.Seconds(after.Value), Units.Ratio(after / measured), Word(compared.Longest), Word(compared.Explains),
                bar(measured.Value));
            grid.Add("", "", "", "", "", "", "", "", bar(after.Value).Replace('#', '+'));
        }
        screen.Table(grid);
        if (comparison is not { MedianBefore: { } usual, MedianAfter: { } heldOut })
            return;
        var fitted = comparison.FittedToAll;
        screen.Line($"median error {Units.Percent(usual)} before fitting, {Units.Percent(heldOut)} on workloads the fit has not seen");
        screen.Line($"fitted to all: efficiency {Units.Percent(fitted.Efficiency)}, {Units.Ratio(fitted.Traffic)} of the counted bytes, " +
            $"{Units.Seconds(fitted.PerCall.Value)} per call");
    }
}

/// <summary>Evidence as the zoo wants it: counts, the median step, and the machine while it ran.</summary>
static class TimedSteps
{
    /// <summary>Steps that shared their cores with others most of the time say little of the machine alone.</summary>
    public static bool WereUndisturbed(EvidenceRecord record) =>
        record.Measurement.StepSeconds.Count > 0 && 2 * record.Measurement.Rounds.Count(round => round.Disturbed) <= record.Measurement.Rounds.Count;

    /// <summary>Null for a run that was not measured.</summary>
    public static TimedStep? Of(EvidenceRecord record)
    {
        if (record.Measurement.StepSeconds.Count == 0)
            return null;
        var calm = record.Measurement.Rounds.Where(round => !round.Disturbed).ToList();
        var rounds = calm.Count > 0 ? calm : record.Measurement.Rounds;
        var cached = record.Count.UniqueBytes <= record.Peaks.LastLevelCache.Bytes?.Low;
        return new(
            record.Workload.Id,
            StepPart.Merged(record.Count.Layers.SelectMany(Passes).Select(pass => new StepPart(new(pass.Flops), new(pass.Bytes)))),
            record.Count.OperatorCalls,
            new(Middle(calibration => calibration.GemmFlops)),
            new(Middle(calibration => cached ? calibration.CacheTriadBytes : calibration.MemoryTriadBytes)),
            new(Statistics.Median([.. rounds.SelectMany(round => round.StepSeconds)])));
        static Work[] Passes(LayerCount layer) => [layer.Forward, layer.DataGradient, layer.WeightGradient, layer.Optimizer];
        double Middle(Func<CalibrationSample, double> value) => Statistics.Median([.. rounds.Select(round => value(round.Calibration))]);
    }
}
