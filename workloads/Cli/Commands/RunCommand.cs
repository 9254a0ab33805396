using System.CommandLine;
using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Load;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Cli.Commands;

sealed class RunCommand : CliCommand
{
    readonly Argument<string[]> _ids = ManyValues("ID", "Workloads and experiments to run, in this order");
    readonly Option<string?> _suite = new("--suite") { Description = "Everything in this suite", HelpName = "NAME" };
    readonly Option<int> _seed = new("--seed") { Description = "Decides weights, data order and noise", HelpName = "N", DefaultValueFactory = _ => 1 };
    readonly Option<string?> _seeds = new("--seeds") { Description = "Several seeds: 1..5 or 1,3,7", HelpName = "LIST" };
    readonly Option<string?> _dataset = new("--dataset") { Description = "Use this data set, not the first that is at hand", HelpName = "ID" };
    readonly Option<bool> _closed = new("--closed") { Description = "Train by the seed's recipe, where the entry has a faster one" };
    readonly Option<bool> _untilTarget = new("--until-target") { Description = "End training at the first evaluation that meets the target" };
    readonly Option<string?> _scenario = new("--scenario") { Description = "How queries arrive, instead of the entry's own way", HelpName = "NAME" };
    readonly Option<bool> _noMeasure = new("--no-measure") { Description = "Train and score only; the regime stays unmeasured" };

    public RunCommand()
        : base("run", "Train workloads to their targets, measure them, and keep the evidence.",
            new("run --suite tiny", "All of a suite; a failing workload does not stop the others."),
            new("run peak-sweep", "An experiment: no training, a question to the machine."),
            new("run anomaly-ae-train --seeds 1..5", "One workload from five seeds."),
            new("run nanogpt-train --closed --until-target --no-measure", "How long the seed's recipe takes to the target."),
            new("run nanogpt-decode --scenario offline", "Queries that arrive in another way."),
            new("run anomaly-ae-train --dataset synthetic-strokes --no-measure", "On generated data, without the timed part."))
    {
        Add(_ids);
        Add(_suite);
        Add(_seed);
        Add(_seeds);
        Add(_dataset);
        Add(_closed);
        Add(_untilTarget);
        Add(_scenario);
        Add(_noMeasure);
        _scenario.AcceptOnlyFromAmong([.. Enum.GetValues<LoadScenario>().Select(ScenarioNames.Name)]);
        _seed.Validators.Add(result =>
        {
            // Checked as text first: a validator must not throw where parsing failed.
            if (result.Tokens is [{ Value: ['-', ..] }])
                result.AddError("--seed expects a number from 0.");
        });
        _seeds.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && SeedList.Parse(token.Value) is null)
                result.AddError($"--seeds '{token.Value}' is not a list of different seeds such as 1..5 or 1,3,7, at most 1000.");
        });
        Validators.Add(result =>
        {
            if (result.GetResult(_seeds) is not null && result.GetResult(_seed) is { Implicit: false })
                result.AddError("--seed and --seeds exclude each other.");
        });
    }

    protected override ExitCode Execute(ParseResult parse, Session session)
    {
        var dataset = parse.GetValue(_dataset);
        var entries = Chosen(parse.GetValue(_ids)!, parse.GetValue(_suite), session);
        var scenario = parse.GetValue(_scenario);
        if (scenario is not null && !entries.OfType<InferenceEntry>().Any())
            throw CliErrors.NothingAnswers(scenario);
        if (dataset is not null && entries.OfType<ModelEntry>().Select(session.Catalog.TrainerOf).FirstOrDefault(entry => entry.Data.All(choice => choice.Dataset != dataset)) is { } without)
            throw CliErrors.DataSetNotOfWorkload(dataset, without);
        var seeds = parse.GetValue(_seeds) is { } list ? SeedList.Parse(list)! : [parse.GetValue(_seed)];
        var options = new RunOptions
        {
            Dataset = dataset,
            Closed = parse.GetValue(_closed),
            UntilTarget = parse.GetValue(_untilTarget),
            Scenario = scenario is null ? null : ScenarioNames.Parse(scenario),
            SkipMeasuring = parse.GetValue(_noMeasure),
            EvidenceFolder = session.Repository.NewEvidenceFolder,
        };
        return new RunSeries(session, entries, seeds, options).Run();
    }

    static List<CatalogEntry> Chosen(string[] ids, string? suite, Session session)
    {
        List<CatalogEntry> entries = [.. ids.Select(session.Entry)];
        if (suite is not null)
            entries.AddRange(session.Suite(suite));
        return entries.Count > 0 ? [.. entries.DistinctBy(entry => entry.Id)] : throw CliErrors.NothingToRun();
    }
}
