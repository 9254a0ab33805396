using System.CommandLine;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Workloads.Cli.State;
using MlPerfEdu.Zoo;

namespace MlPerfEdu.Workloads.Cli.Commands;

sealed class ZooCompareCommand : CliCommand
{
    public ZooCompareCommand()
        : base("compare", "Predict every measured workload from its counts, and compare with what was measured.",
            new Example("zoo compare", "From the newest evidence of each workload; each is predicted by constants fitted to the others."))
    {
    }

    protected override ExitCode Execute(ParseResult parse, Session session)
    {
        var shelf = new EvidenceShelf(session.Repository);
        List<TimedStep> steps = [.. from entry in session.Catalog.Workloads
            let evidence = shelf.Newest(entry.Id, TimedSteps.WereUndisturbed) ?? shelf.Newest(entry.Id, record => TimedSteps.Of(record) is not null)
            where evidence is not null
            select TimedSteps.Of(evidence.Value.Record)];
        foreach (var entry in session.Catalog.Workloads.Where(entry => steps.All(step => step.Id != entry.Id)))
            session.Log.Line($"remark: no measured evidence of {entry.Id}; `mlperfedu run {entry.Id}` makes some.", Tone.Warning);

        var comparison = StepComparison.Of(steps);
        session.Answer(
            new
            {
                Workloads = comparison.Steps.Select(RowOf),
                MedianErrorBefore = comparison.MedianBefore,
                MedianErrorAfter = comparison.MedianAfter,
                Fitted = Row(comparison.FittedToAll),
            },
            screen => Draw(screen, comparison));
        return ExitCode.Ok;
    }

    static object RowOf(ComparedStep compared) => new
    {
        compared.Step.Id,
        MeasuredSeconds = compared.Step.Time.Value,
        PredictedSecondsBefore = compared.Before.Value,
        PredictedSecondsAfter = compared.After.Value,
        compared.ErrorBefore,
        compared.ErrorAfter,
        compared.Longest,
        compared.Explains,
        FittedToOthers = Row(compared.HeldOut),
    };

    static object Row(StepHeuristics fitted) => new { fitted.Efficiency, fitted.Traffic, SecondsPerCall = fitted.PerCall.Value };

    static void Draw(Screen screen, StepComparison comparison)
    {
        var bar = new Bar(comparison.Steps.SelectMany(step => new[] { step.Step.Time.Value, step.After.Value }));
        var grid = new Grid("workload", ">measured", ">before", ">ratio", ">held out", ">ratio", "mostly", "was wrong in",
            "measured (#) and predicted (+), logarithmic");
        foreach (var compared in comparison.Steps)
        {
            var (measured, before, after) = (compared.Step.Time, compared.Before, compared.After);
            grid.Add(compared.Step.Id, Units.Seconds(measured.Value), Units.Seconds(before.Value), Units.Ratio(before / measured),
                Units.Seconds(after.Value), Units.Ratio(after / measured), Word(compared.Longest), Word(compared.Explains),
                bar.Of(measured.Value));
            grid.Add("", "", "", "", "", "", "", "", bar.Of(after.Value).Replace('#', '+'));
        }

        screen.Table(grid);
        if (comparison is not { MedianBefore: { } usual, MedianAfter: { } heldOut })
            return;
        var fitted = comparison.FittedToAll;
        screen.Line($"median error {Units.Percent(usual)} before fitting, {Units.Percent(heldOut)} on workloads the fit has not seen");
        screen.Line($"fitted to all: efficiency {Units.Percent(fitted.Efficiency)}, {Units.Ratio(fitted.Traffic)} of the counted bytes, " +
            $"{Units.Seconds(fitted.PerCall.Value)} per call");
    }

    static string Word(StepTerm term) => term.ToString().ToLowerInvariant();
}
