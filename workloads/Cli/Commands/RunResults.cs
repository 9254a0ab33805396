using MlPerfEdu.Engine.Experiments;

namespace MlPerfEdu.Cli.Commands;

/// <summary>One run of a workload: its outcome, or the failure that kept it from a verdict.</summary>
sealed class RunResult(Repository repository, ModelEntry entry, int seed, RunOutcome? outcome, ErrorResult? error)
{
    readonly IReadOnlyDictionary<RegimeAxis, RegimeComparison>? comparisons =
        outcome is null ? null : RegimeExpectations.Compare(repository, entry, outcome.Evidence);

    public ModelEntry Entry => entry;
    public int Seed => seed;
    public EvidenceRecord? Evidence => outcome?.Evidence;
    public string? Sidecar => outcome is null ? null : repository.Relative(outcome.SidecarPath);
    public string? Fallback => outcome?.Fallback;
    public ErrorResult? Error => error;
    public bool Passed => outcome is { Passed: true } && Failures.Count == 0;

    /// <summary>A run that measured no regime cannot be a baseline either.</summary>
    public bool HasNoBaseline =>
        Regimes.Any(regime => regime.Comparison.Outcome == RegimeOutcome.NoBaseline) && Regimes.All(regime => regime.Verdict.Value != RegimeValue.Unmeasured);

    /// <summary>The constraints and axes that do not hold, and why. Of a metric, the line that has this says why.</summary>
    public IReadOnlyList<string> FailedIn =>
    [
        .. Evidence!.Validity.Where(line => !line.Met)
            .Select(line => line.Constraint.StartsWith("quality ", StringComparison.Ordinal) ? line.Constraint : $"{line.Constraint} ({line.Reason})"),
        .. Regimes.Where(regime => regime.Comparison.Fails).Select(regime => $"{regime.Verdict.Axis.Name()} ({regime.Verdict.Value.Name()} instead of "
            + $"{RegimeExpectations.Expected(entry, Evidence.Machine.Class, regime.Verdict.Axis)?.Name()})"),
    ];

    /// <summary>Every constraint and regime that does not hold, or the error.</summary>
    IReadOnlyList<string> Failures => Evidence is null
        ? [error!.Message]
        :
        [
            .. Evidence.Validity.Where(line => !line.Met).Select(line => line.ToString()),
            .. Regimes.Where(regime => regime.Comparison.Fails).Select(regime => regime.Comparison.Message),
        ];

    IEnumerable<(RegimeVerdict Verdict, RegimeComparison Comparison)> Regimes =>
        Evidence?.Regimes.All.Select(verdict => (verdict, comparisons![verdict.Axis])) ?? [];

    /// <summary>What to do where a regime is not the expected one; absent where all are.</summary>
    public string? AfterAnotherRegime => !Regimes.Any(regime => regime.Comparison.Fails)
        ? null
        : $"`mlperfedu diff {repository.Relative(repository.EvidenceFolder(Evidence!.Machine.Class))} {Sidecar}` "
            + (outcome!.Passed
                ? $"shows what changed; if that is intended, `mlperfedu accept {entry.Id}` makes this run the baseline."
                : "shows what changed.");

    string? TooLong => Evidence?.Cost is { Budget: { } budget, TrainSeconds: var seconds } ? budget.TooLong(seconds) : null;
    string? Served => Evidence is null ? null : ServingLine.Of(Evidence);
    double? MacsPerSample => Evidence is { Count.Batch: > 0 } ? Evidence.Count.ForwardMacsPerSample : null;

    public object Document() => new
    {
        entry.Id, entry.Suite, Seed = seed, Passed, Evidence?.Data.Dataset, DataTier = Evidence?.Data.Tier,
        Scores = Evidence?.Quality.Constraints.Prepend(Evidence.Quality.Target).Select(ScoreResult.Of) ?? [],
        Evidence?.Cost.TimeToTargetSeconds, Evidence?.Cost.TrainSeconds, entry.Params, MacsPerSample, Served,
        Regimes = Regimes.Select(regime => new
        {
            Axis = regime.Verdict.Axis.Name(),
            Value = regime.Verdict.Value.Name(),
            Expected = RegimeExpectations.Expected(entry, Evidence!.Machine.Class, regime.Verdict.Axis)?.Name(),
            regime.Comparison.Outcome,
            regime.Comparison.Message,
        }),
        PeakMemoryBytes = Evidence?.Cost.PeakMemoryBytes, Evidence?.Cost.PeakMemoryFrom, Evidence?.Cost.Budget,
        Failures, Warnings = TooLong is { } warning ? [warning] : Array.Empty<string>(), Evidence?.TrajectorySha256, Sidecar = outcome?.SidecarPath, PassedOver = outcome?.PassedOver ?? [],
        Error,
    };

    /// <summary>A row for each run, where a card has several.</summary>
    public static void DrawTable(Screen screen, IReadOnlyList<RunResult> results) =>
        screen.Table(["workload", ">seed", ">score", "target", ">time to target", "verdict"], results, result => result.Cells());

    Cell[] Cells()
    {
        var score = Evidence?.Quality.Target;
        return
        [
            entry.Id, $"{seed}",
            score is null ? Describe.None : $"{score.Value:0.0000}", score is null ? Describe.None : Describe.Target(score),
            Evidence?.Cost.TimeToTargetSeconds is { } seconds ? DurationText.Of(seconds) : Describe.None,
            Passed ? new("PASS", Tone.Good) : new(error is null ? "FAIL" : $"ERROR {error.Code}", Tone.Bad),
        ];
    }

    public void DrawRemarks(Screen screen)
    {
        if (Served is { } served)
            screen.Line($"{entry.Id}: {served}");
        foreach (var failure in Failures)
            screen.Line($"{entry.Id}, seed {seed}: {failure}", Tone.Bad);
        if (TooLong is { } warning)
            screen.Line($"{entry.Id}, seed {seed}: {warning}.", Tone.Warning);
        foreach (var unread in outcome?.UnreadSizes ?? [])
            screen.Line($"warning {unread}.", Tone.Warning);
        foreach (var reason in outcome?.PassedOver ?? [])
            screen.Line($"{entry.Id} ran on {Evidence!.Data.Dataset}, because its first choice is not available: {reason}", Tone.Warning);
    }
}

/// <summary>One run of an experiment: its outcome, why it was skipped, or the failure that kept it from a verdict.</summary>
sealed class ExperimentResult(
    Repository repository, ExperimentEntry entry, ExperimentOutcome? outcome, string? skipped = null, ErrorResult? error = null)
{
    public ExperimentRecord? Evidence => outcome?.Evidence;
    public string? Fallback => outcome?.Fallback;
    public ErrorResult? Error => error;
    public bool Passed => skipped is not null || outcome is { Passed: true };

    /// <summary>The metrics that miss their bounds, and the memory budget.</summary>
    public IReadOnlyList<string> FailedIn =>
    [
        .. Evidence!.Checks.Where(check => !check.Met).Select(check => check.Metric),
        .. Evidence.MemoryHolds ? Array.Empty<string>() : [$"{BudgetValidity.Memory} ({Units.Si(Evidence.PeakMemoryBytes, "B")} of {Evidence.Budget!.MemoryMb:#,0} MB)"],
    ];

    /// <summary>In one line.</summary>
    public void DrawVerdict(Screen screen) => screen.Line(
        $"{entry.Id}: {(skipped is not null ? $"skipped, because {skipped}" : Passed ? "PASS" : error is null ? "FAIL" : $"ERROR {error.Code}")}", Passed ? Tone.Good : Tone.Bad);

    public object Document() => new
    {
        entry.Id, entry.Suite, entry.Question, Passed, Checks = Evidence?.Checks.Select(ScoreResult.Of) ?? [],
        Metrics = outcome?.Findings.Metrics ?? new Dictionary<string, double>(),
        Evidence?.Seconds, Evidence?.PeakMemoryBytes, Evidence?.PeakMemoryFrom, Evidence?.Budget, Sidecar = outcome?.SidecarPath, Skipped = skipped, Error,
    };

    public void Draw(Screen screen)
    {
        screen.Line();
        screen.Line($"{entry.Id}: {entry.Question}");
        Draw(screen, outcome?.Findings.Tables ?? []);
        if (error is not null)
            screen.Line($"ERROR {error.Code}: {error.Message}", Tone.Bad);
        else if (outcome is null)
            screen.Line($"Skipped: {skipped}.", Tone.Warning);
        else
        {
            screen.Table(
                ["check", ">measured", "required", "verdict"], outcome.Evidence.Checks,
                check =>
                [
                    check.Metric, QualityCheck.Text(check.Value), $"{check.Bound.Sign()} {QualityCheck.Text(check.Limit)}",
                    check.Met ? new("PASS", Tone.Good) : new("FAIL", Tone.Bad),
                ]);
            DrawBudget(screen, outcome.Evidence);
            screen.Line($"Evidence: {repository.Relative(outcome.SidecarPath)}, after {DurationText.Of(outcome.Evidence.Seconds)}.", Tone.Faint);
        }
    }

    static void DrawBudget(Screen screen, ExperimentRecord record)
    {
        if (record.Budget is not { } budget)
            return;
        if (record.MemoryHolds)
            screen.Line($"Peak memory: {budget.Memory(record.PeakMemoryBytes)}.", Tone.Faint);
        else
            screen.Line($"FAIL: {budget.TooMuch(record.PeakMemoryBytes)}.", Tone.Bad);
        if (budget.TooLong(record.Seconds) is { } warning)
            screen.Line($"{warning}.", Tone.Warning);
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
}

sealed record ScoreResult(string Metric, double Value, QualityBound Bound, double Limit, bool Met)
{
    public static ScoreResult Of(QualityCheck check) => new(check.Metric, check.Value, check.Bound, check.Limit, check.Met);
}
