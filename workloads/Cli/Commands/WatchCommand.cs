using MlPerfEdu.Engine.Mllog;
using MlPerfEdu.Roofline.Report.Plots;
using Spectre.Console;

namespace MlPerfEdu.Cli.Commands;

sealed class WatchCommand() : CliCommand(
    "watch", "Show loss and score of a run, with the line of the target: live while it goes on, or as it ended.",
    new("watch nanogpt-train", "Of the newest run, in another terminal than that of `run`."),
    new("watch nanogpt-train --seed 3 --once", "As it is now, without waiting for more."))
{
    const int WidthOffTerminal = 100;
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    readonly Argument<string> id = OneValue("ID", "The workload");
    readonly Option<int?> seed = WholeNumber(new Option<int?>("--seed") { Description = "Of the run with this seed, instead of the newest", HelpName = "N" }, 0);
    readonly Option<bool> once = new("--once") { Description = "Draw once, even if the run goes on" };

    protected override IReadOnlyList<Symbol> Inputs => [id, seed, once];

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var entry = invocation.Workload(parse.GetValue(id)!);
        var (log, curve) = Find(entry.Id, parse.GetValue(seed), invocation);
        var once = parse.GetValue(this.once) || log is null;
        invocation.Answer(curve, screen =>
        {
            if (once || !GoesOn(curve) || screen.Width is null)
                screen.Line(Drawn(curve, screen, invocation));
            else if (screen.IsPlain)
                Tell(log!, curve, screen, invocation);
            else
                Live(log!, curve, screen, invocation);
        });
        return ExitCode.Ok;
    }

    /// <summary>From the log of a run, or else the scores in the newest sidecar.</summary>
    static (string? Log, RunCurve Curve) Find(string id, int? seed, Invocation invocation)
    {
        if (LogFolder.Newest(invocation.Repository.LogFolder, id, seed) is { } log && RunCurve.Of(log) is { } curve)
            return (log, curve);
        return invocation.Evidence.Newest<EvidenceRecord>(id, record => (seed is null || record.Seed == seed) && record.Quality.Curve.Count > 0) is { Record: var record }
            ? (null, RunCurve.Of(record))
            : throw CliErrors.NothingToWatch(id, seed);
    }

    static bool GoesOn(RunCurve curve) => curve.Stage is RunStage.Running or RunStage.MetSoFar;

    // Without drawing over anything: the curve so far, then a line for each new score.
    static void Tell(string log, RunCurve curve, Screen screen, Invocation invocation)
    {
        screen.Line(Drawn(curve, screen, invocation));
        var told = curve.Scores.Count;
        foreach (var newer in Newer(log, curve, invocation))
        {
            foreach (var score in newer.Scores.Skip(told))
                screen.Line($"step {score.Step} of {newer.Steps}: {newer.Metric} {QualityCheck.Text(score.Value)} (target {newer.Bound} {newer.Target})");
            told = newer.Scores.Count;
        }
    }

    static void Live(string log, RunCurve curve, Screen screen, Invocation invocation) => screen.Console
        .Live(new Text(Drawn(curve, screen, invocation)))
        .Start(view =>
        {
            view.Refresh();
            foreach (var newer in Newer(log, curve, invocation))
            {
                view.UpdateTarget(new Text(Drawn(newer, screen, invocation)));
                view.Refresh();
            }
        });

    static IEnumerable<RunCurve> Newer(string log, RunCurve curve, Invocation invocation)
    {
        while (GoesOn(curve))
        {
            invocation.Stop.WaitHandle.WaitOne(Interval);
            invocation.Stop.ThrowIfCancellationRequested();
            if (RunCurve.Of(log) is not { } now || now.Lines == curve.Lines)
                continue;
            curve = now;
            yield return curve;
        }
    }

    static string Drawn(RunCurve curve, Screen screen, Invocation invocation) => SafeText.Lines(
        CurveText.Of(curve, screen.Width ?? WidthOffTerminal, invocation.Services.Unicode && !screen.IsPlain)).TrimEnd();
}

/// <summary>The curve of a run in characters: its scores under or over the target, and its losses.</summary>
static class CurveText
{
    // Both plots and their words fit a terminal of usual height.
    const int Rows = 7;

    const string Across = "steps";

    // What a plot adds to its right: the name of its axis.
    static readonly int Beside = Across.Length + 2;

    public static string Of(RunCurve curve, int width, bool unicode)
    {
        var text = new StringBuilder();
        if (curve.Scores.Count > 0)
            text.Append(Scores(curve).Text(width - Beside, unicode, Rows)).Append('\n');
        if (curve.Losses.Count > 0)
            text.Append(Losses(curve).Text(width - Beside, unicode, Rows)).Append('\n');
        return text.Append(Words(curve)).ToString();
    }

    static string Words(RunCurve curve)
    {
        var target = $"{curve.Metric} {curve.Bound} {curve.Target}";
        var step = curve.Scores.Concat(curve.Losses).Select(point => point.Step).DefaultIfEmpty(0).Max();
        var last = curve.Scores is [.., var score] ? $"last score {QualityCheck.Text(score.Value)}" : "no score yet";
        var stage = curve.Stage switch
        {
            RunStage.Met => "target met",
            RunStage.Missed => "target missed",
            RunStage.Stopped => "stopped before its end",
            RunStage.MetSoFar => "target met, the rest of the recipe goes on",
            _ => "it goes on",
        };
        return $"{curve.Id}, seed {curve.Seed}, {curve.DataSet}\nstep {step} of {curve.Steps}; {last}, {target}; {stage}.";
    }

    static Plot Scores(RunCurve curve) => Drawing($"{curve.Id}: {curve.Metric}, target {curve.Bound} {curve.Target}", curve.Metric, curve,
        [new(curve.Metric, Points(curve.Scores)), new("target", [(0, curve.Target), (curve.Steps, curve.Target)])]);

    static Plot Losses(RunCurve curve) => Drawing($"{curve.Id}: loss", "loss", curve, [new("loss", Points(curve.Losses))]);

    static Plot Drawing(string title, string label, RunCurve curve, PlotLine[] lines)
    {
        double[] values = [.. lines.SelectMany(line => line.Points).Select(point => point.Y).Where(double.IsFinite)];
        var (low, high) = (values.Min(), values.Max());
        var air = high > low ? (high - low) / 10 : Math.Max(Math.Abs(high) / 10, 1e-6);
        var x = new Axis(Across, Scale.Linear, 0, Math.Max(curve.Steps, 1), Axis.Short);
        return new Plot(title, title, x, new Axis(label, Scale.Linear, low - air, high + air, value => $"{value:0.####}")) { Lines = lines };
    }

    static (double X, double Y)[] Points(IReadOnlyList<QualityPoint> points) => [.. points.Select(point => ((double)point.Step, point.Value))];
}
