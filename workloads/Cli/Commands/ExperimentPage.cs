using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Workloads.Experiments;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Cli.Commands;

/// <summary>What an experiment found, for people.</summary>
static class ExperimentPage
{
    public static void Draw(Screen screen, ExperimentResult result, Repository repository)
    {
        screen.Line();
        screen.Line($"{result.Id}: {result.Question}");
        Draw(screen, result.Tables);
        if (result.Error is { } error)
            screen.Line($"ERROR {error.Code}: {error.Message}", Tone.Bad);
        else if (result.Skipped is { } reason)
            screen.Line($"Skipped: {reason}.", Tone.Warning);
        else
            screen.Table(Checks(result));
        if (result.Sidecar is { } sidecar)
            screen.Line($"Evidence: {repository.Relative(sidecar)}, after {Duration.Of(result.Seconds!.Value)}.", Tone.Faint);
    }

    public static void Draw(Screen screen, IEnumerable<TitledTable> tables)
    {
        foreach (var (title, table) in tables)
        {
            screen.Line();
            screen.Line(title);
            screen.Line(table.ToString().TrimEnd());
        }
        screen.Line();
    }

    static Grid Checks(ExperimentResult result)
    {
        var grid = new Grid("check", ">found", "asked", "verdict");
        foreach (var check in result.Checks)
        {
            grid.Add(
                check.Metric,
                QualityCheck.Text(check.Value),
                $"{(check.Bound == QualityBound.AtLeast ? "≥" : "≤")} {QualityCheck.Text(check.Limit)}",
                check.Met ? new Cell("PASS", Tone.Good) : new Cell("FAIL", Tone.Bad));
        }
        return grid;
    }
}
