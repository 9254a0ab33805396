using System.Globalization;
using MlPerfEdu.Engine.Mllog;
using MlPerfEdu.Roofline.Load;

namespace MlPerfEdu.Cli.Commands;

sealed class RunCommand : CliCommand
{
    const int MostSeeds = 1000;
    readonly Argument<string[]> ids = ManyValues("ID", "Workloads and experiments to run, in this order");
    readonly Option<string?> suite = new("--suite") { Description = "Everything in this suite", HelpName = "NAME" };
    readonly Option<int> seed = WholeNumber(WithDefault("--seed", "Random seed of the weights, the data order and the noise", "N", 1), 0);
    readonly Option<string?> seeds = new("--seeds") { Description = "Several seeds: 1..5 or 1,3,7", HelpName = "LIST" };
    readonly Option<string?> dataset = new("--dataset") { Description = "Use this data set instead of the first one that is available", HelpName = "ID" };
    readonly Option<bool> closed = new("--closed") { Description = "Train with the closed recipe, that of the original benchmark, if the entry has one" };
    readonly Option<bool> untilTarget = new("--until-target") { Description = "End training at the first evaluation that meets the target" };
    readonly Option<string?> scenario = new("--scenario") { Description = "How queries arrive, instead of the entry's scenario", HelpName = "NAME" };
    readonly Option<double?> qps = NumberAbove0(new("--qps") { Description = "Queries per second in the server scenario, instead of the entry's rate", HelpName = "N" }, "queries per second");
    readonly Option<bool> findPeak = new("--find-peak") { Description = "Search the largest rate of queries that holds the entry's bound, from --qps on; keeps no evidence" };
    readonly Option<string?> accuracy = new("--accuracy")
        { Description = "Instead, ask every sample once and write the answers there, as LoadGen's accuracy mode does; keeps no evidence", HelpName = "DIR" };
    readonly Option<bool> noMeasure = new("--no-measure") { Description = "Train and score only; the regime stays unmeasured" };

    readonly Option<bool> quiet = new("--quiet") { Description = "A line per workload, and errors; nothing else" };
    readonly Option<bool> noProgress = new("--no-progress") { Description = "Without the progress of what takes long" };
    readonly Option<string?> mllog = new("--mllog")
        { Description = "Also write logs in MLPerf's format there, laid out as a package of results", HelpName = "DIR" };

    public RunCommand() : base(
        "run", "Train workloads to their targets, measure what limits a step, and keep the evidence.",
        new("run --suite tiny", "All of a suite; a failing workload does not stop the others."),
        new("run peak-sweep", "An experiment: it trains nothing and measures the machine."),
        new("run anomaly-ae-train --seeds 1..5", "One workload from five seeds."),
        new("run nanogpt-train --closed --until-target --no-measure", "How long the original's recipe takes to reach the target."),
        new("run nanogpt-decode --scenario offline", "All queries at once, whatever the entry's scenario."),
        new("run nanogpt-decode --qps 1.5 --no-measure", "As a server that is asked more often."),
        new("run nanogpt-decode --find-peak", "How often it can be asked and still hold its bound on latency."),
        new("run anomaly-ae-train --seeds 1..5 --mllog results", "Five results in MLPerf's format; `mllog check results` checks them."),
        new("run anomaly-ae-train --dataset synthetic-strokes --no-measure", "On generated data, without the timed part."))
    {
        scenario.AcceptOnlyFromAmong([.. Enum.GetValues<LoadScenario>().Select(ScenarioNames.Name)]);
        seeds.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && ParseSeeds(token.Value) is null)
                result.AddError($"--seeds '{token.Value}' is not a list of different seeds such as 1..5 or 1,3,7, at most {MostSeeds}.");
        });
        Validators.Add(result =>
        {
            if (result.GetResult(seeds) is not null && result.GetResult(seed) is { Implicit: false })
                result.AddError("--seed and --seeds exclude each other.");
        });
    }

    protected override IReadOnlyList<Symbol> Inputs => [ids, suite, seed, seeds, dataset, closed, untilTarget, scenario, qps, findPeak, accuracy, noMeasure, mllog, quiet, noProgress];

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var dataset = parse.GetValue(this.dataset);
        var entries = Chosen(parse.GetValue(ids)!, parse.GetValue(suite), invocation);
        var scenario = parse.GetValue(this.scenario);
        if (scenario is not null && !entries.OfType<InferenceEntry>().Any())
            throw CliErrors.NothingAnswers(scenario);
        var trainers = entries.OfType<ModelEntry>().Select(invocation.Catalog.TrainerOf);
        if (dataset is not null && trainers.FirstOrDefault(entry => entry.Data.All(choice => choice.Dataset != dataset)) is { } without)
            throw CliErrors.DataSetNotOfWorkload(dataset, without);
        var seeds = parse.GetValue(this.seeds) is { } list ? ParseSeeds(list)! : [parse.GetValue(seed)];
        var options = new RunOptions
        {
            Dataset = dataset, Closed = parse.GetValue(closed), UntilTarget = parse.GetValue(untilTarget),
            Scenario = scenario is null ? null : ScenarioNames.Parse(scenario), TargetRate = parse.GetValue(qps), SkipMeasuring = parse.GetValue(noMeasure),
            EvidenceFolder = invocation.Repository.NewEvidenceFolder, LogFolder = invocation.Repository.LogFolder,
        };
        var isQuiet = parse.GetValue(quiet);
        invocation.ShowsProgress = !isQuiet && !parse.GetValue(noProgress);
        if (parse.GetValue(findPeak))
        {
            return entries is [InferenceEntry searched] && options.Scenario is (null or LoadScenario.Server)
                ? new ServingTrial(invocation, searched, options with { Seed = seeds[0] }).FindPeak()
                : throw CliErrors.NoRate("--find-peak", Names(entries));
        }

        if (parse.GetValue(accuracy) is { } answers)
        {
            return entries is [InferenceEntry asked]
                ? new ServingTrial(invocation, asked, options with { Seed = seeds[0] }).WriteAnswers(answers)
                : throw CliErrors.NoAnswers(Names(entries));
        }

        if (options.TargetRate is not null && !entries.Any(entry => IsServer(entry, options)))
            throw CliErrors.NoRate("--qps", Names(entries));
        var package = parse.GetValue(mllog) is { } folder ? new ResultPackage(folder) : null;
        if (package?.Present(entries.Select(entry => entry.Id)) is { Count: > 0 } present)
            throw CliErrors.ResultsPresent(present);
        return new RunSeries(invocation, entries, seeds, options, package, isQuiet).Run();
    }

    static string Names(List<CatalogEntry> entries) => string.Join(", ", entries.Select(entry => entry.Id));

    static bool IsServer(CatalogEntry entry, RunOptions options) =>
        entry is InferenceEntry answering && (options.Scenario ?? ScenarioNames.Parse(answering.Scenario)) == LoadScenario.Server;

    static List<CatalogEntry> Chosen(string[] ids, string? suite, Invocation invocation)
    {
        List<CatalogEntry> entries = [.. ids.Select(invocation.Entry)];
        if (suite is not null)
            entries.AddRange(invocation.Suite(suite));
        return entries.Count > 0 ? [.. entries.DistinctBy(entry => entry.Id)] : throw CliErrors.NothingToRun();
    }

    /// <summary>Reads `1..5`, `3` and `1,3,7`; null when the text is none of these.</summary>
    public static IReadOnlyList<int>? ParseSeeds(string text)
    {
        var seeds = new List<int>();
        foreach (var part in text.Split(','))
        {
            var ends = part.Split("..");
            if (ends.Length > 2 || Number(ends[0]) is not { } first || Number(ends[^1]) is not { } last || last < first || last - first >= MostSeeds)
                return null;
            seeds.AddRange(Enumerable.Range(first, last - first + 1));
        }
        return seeds.Count <= MostSeeds && seeds.Distinct().Count() == seeds.Count ? seeds : null;
    }

    static int? Number(string text) => int.TryParse(text, NumberStyles.None, null, out var number) && number < int.MaxValue ? number : null;
}

/// <param name="package">Where logs are put in MLPerf's layout; absent: nowhere.</param>
sealed class RunSeries(
    Invocation invocation, IReadOnlyList<CatalogEntry> entries, IReadOnlyList<int> seeds, RunOptions options, ResultPackage? package, bool isQuiet)
{
    readonly RunExperiment runExperiment = invocation.Services.Experiments(invocation.Repository);
    readonly RunWorkload runWorkload = invocation.Services.Runner(invocation.Repository, invocation.Catalog);
    readonly List<RunResult> runs = [];
    readonly List<ExperimentResult> experiments = [];
    readonly List<string> packaged = [];

    public ExitCode Run()
    {
        // At once: what follows may load data for a while before it has anything to say.
        var times = seeds.Count > 1 ? $", from {seeds.Count} seeds" : "";
        Say($"To run: {string.Join(", ", entries.Select(entry => entry.Id))}{times}.", Tone.Faint);
        var stopped = !entries.All(entry => entry is ExperimentEntry experiment ? Run(experiment) : seeds.All(seed => Run((ModelEntry)entry, seed)));
        var exit = stopped ? ExitCode.Interrupted : ExitOf();
        var plots = DrawPlots();
        invocation.Answer(
            new
            {
                Passed = exit == ExitCode.Ok, ExitCode = (int)exit,
                Runs = runs.Select(run => run.Document()),
                Experiments = experiments.Select(experiment => experiment.Document()),
                Plots = plots,
                Mllog = packaged,
            },
            screen => Draw(screen, plots));
        if (stopped)
            invocation.Services.Tell(invocation.Log, Failure.Interrupted);
        return exit;
    }

    void Draw(Screen screen, IReadOnlyList<string> plots)
    {
        List<RunCard> cards = [.. runs.GroupBy(run => run.Entry.Id).Select(ofOne => new RunCard([.. ofOne], invocation.Repository))];
        if (isQuiet)
        {
            foreach (var card in cards)
                card.DrawVerdict(screen);
            foreach (var experiment in experiments)
                experiment.DrawVerdict(screen);
            return;
        }

        // Once, however many runs there were.
        foreach (var line in runs.Select(run => run.Fallback).Concat(experiments.Select(experiment => experiment.Fallback)).OfType<string>().Distinct())
            screen.Line(line, Tone.Warning);
        foreach (var experiment in experiments)
            experiment.Draw(screen);
        if (runs.Count > 1)
            RunResult.DrawTable(screen, runs);
        foreach (var run in runs)
            run.DrawRemarks(screen);
        foreach (var plot in plots)
            screen.Line($"Plot: {plot}", Tone.Faint);
        if (packaged.Count > 0)
            screen.Line($"MLPerf-style logs, unverified: {packaged.Count} in {package!.Folder}; `mllog check {package.Folder}` checks them.", Tone.Faint);
        foreach (var card in cards)
            card.Draw(screen);
    }

    // Several seeds of a workload are one point of the roofline: that of the last one.
    List<string> DrawPlots()
    {
        var workloads = runs.Select(run => run.Evidence).OfType<EvidenceRecord>();
        var lastOfEach = workloads.GroupBy(record => record.Workload.Id).Select(group => group.Last());
        var experiments = this.experiments.Select(experiment => experiment.Evidence).OfType<ExperimentRecord>();
        return [.. PlotFiles.Write([.. lastOfEach, .. experiments], invocation).Select(plot => plot.File)];
    }

    /// <summary>False when the user stopped it.</summary>
    bool Run(ModelEntry entry, int seed)
    {
        var title = seeds.Count > 1 ? $"{entry.Id} seed {seed}" : entry.Id;
        return Try(
            title,
            () =>
            {
                var outcome = invocation.Track(title, progress => runWorkload(entry, options with { Seed = seed }, progress, invocation.Stop));
                var run = new RunResult(invocation.Repository, entry, seed, outcome, null);
                runs.Add(run);
                Conclude(title, run.FailedIn, outcome.Evidence.Quality.Constraints.Prepend(outcome.Evidence.Quality.Target));
                Package(entry, seed, outcome);
            },
            failure => runs.Add(new(invocation.Repository, entry, seed, null, failure.Result)));
    }

    void Package(ModelEntry entry, int seed, RunOutcome outcome)
    {
        if (package is null)
            return;
        var number = seeds.ToList().IndexOf(seed);
        if (entry is InferenceEntry inference)
            packaged.Add(package.Add(number, inference, outcome.Evidence));
        else if (outcome.LogPath is { } log)
            packaged.Add(package.Add(log, number, (WorkloadEntry)entry, outcome.Evidence));
        else
            invocation.Remark($"no log of {entry.Id}, seed {seed}: it could not be written.");
    }

    bool Run(ExperimentEntry entry) => Try(
        entry.Id,
        () =>
        {
            try
            {
                var outcome = invocation.Track(entry.Id, progress => runExperiment(entry, options.EvidenceFolder, progress, invocation.Stop));
                experiments.Add(new(invocation.Repository, entry, outcome));
                Conclude(entry.Id, experiments[^1].FailedIn, outcome.Evidence.Checks);
            }
            catch (NotAvailableException skipped)
            {
                experiments.Add(new(invocation.Repository, entry, null, skipped: skipped.Message));
                Say($"{entry.Id}: skipped, because {skipped.Message}.", Tone.Warning);
            }
        },
        failure => experiments.Add(new(invocation.Repository, entry, null, error: failure.Result)));

    void Say(string text, Tone tone = Tone.Plain)
    {
        if (!isQuiet)
            invocation.Log.Line(text, tone);
    }

    void Conclude(string title, IReadOnlyList<string> failedIn, IEnumerable<QualityCheck> checks) =>
        Say($"{title}: {(failedIn.Count == 0 ? "passed" : $"FAILED in {string.Join(", ", failedIn)}")}; {string.Join(", ", checks)}");

    bool Try(string title, Action work, Action<Failure> failed)
    {
        if (invocation.Stop.IsCancellationRequested)
            return false;
        try
        {
            work();
            return true;
        }
#pragma warning disable CA1031 // Whatever stops one workload must not stop the others; it is in the table and the exit code.
        catch (Exception error)
#pragma warning restore CA1031
        {
            var failure = Failure.Of(error, invocation.Stop);
            if (failure.Exit == ExitCode.Interrupted)
                return false;
            invocation.Log.Line($"error {failure.Code}: {title}: {failure.Message}", Tone.Bad);
            failed(failure);
            return true;
        }
    }

    // A verdict weighs more than an error: it says something about the workload.
    ExitCode ExitOf()
    {
        var failed = runs.Where(run => !run.Passed).Select(run => run.Error)
            .Concat(experiments.Where(experiment => !experiment.Passed).Select(experiment => experiment.Error))
            .ToList();
        if (failed.Count == 0)
            return ExitCode.Ok;
        return failed.Contains(null) ? ExitCode.Failed : (ExitCode)failed[0]!.ExitCode;
    }
}
