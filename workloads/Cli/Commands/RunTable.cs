using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Cli.Commands;

static class RunTable
{
    public static void Draw(Screen screen, IReadOnlyList<RunResult> results, Repository repository)
    {
        var grid = new Grid("workload", ">seed", "data", ">score", "target", ">time to target", ">params", ">MACs/sample", "regime", "verdict", "evidence");
        foreach (var result in results)
        {
            var score = result.Scores is [var target, ..] ? target : null;
            grid.Add(
                result.Id,
                $"{result.Seed}",
                result.Dataset is { } dataset ? $"{dataset} ({result.DataTier})" : Describe.None,
                score is null ? Describe.None : $"{score.Value:0.0000}",
                score is null ? Describe.None : $"{score.Metric} {(score.Bound == Roofline.Evidence.QualityBound.AtLeast ? "≥" : "≤")} {score.Limit:0.####}",
                result.TimeToTargetSeconds is { } seconds ? Duration.Of(seconds) : Describe.None,
                $"{result.Params:N0}",
                result.MacsPerSample is { } macs ? Units.Si(macs) : Describe.None,
                string.Join(" / ", result.Regimes.Select(regime => regime.Value)),
                Verdict(result),
                result.Sidecar is { } sidecar ? repository.Relative(sidecar) : Describe.None);
        }

        screen.Table(grid);
        foreach (var result in results)
        {
            if (result.Served is { } served)
                screen.Line($"{result.Id}: {served}");
            foreach (var failure in result.Failures)
                screen.Line($"{result.Id}, seed {result.Seed}: {failure}", Tone.Bad);
            foreach (var reason in result.PassedOver)
                screen.Line($"{result.Id} ran on {result.Dataset}, because its first choice is not at hand: {reason}", Tone.Warning);
            if (result.Regimes.Any(regime => regime.Outcome == Roofline.Classify.RegimeOutcome.NoBaseline))
                screen.Line($"{result.Id}: no baseline for this machine class; `mlperfedu accept {result.Id}` makes one.", Tone.Faint);
        }
    }

    static Cell Verdict(RunResult result) => result switch
    {
        { Passed: true } => new("PASS", Tone.Good),
        { Error: { } error } => new($"ERROR {error.Code}", Tone.Bad),
        _ => new("FAIL", Tone.Bad),
    };
}
