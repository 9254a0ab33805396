using System.Text.Json;
using MlPerfEdu.Cli.Page;
using MlPerfEdu.Roofline.Compare;

namespace MlPerfEdu.Cli.Commands;

/// <summary>Gathers what `report --html` shows: the newest evidence of everything, the baselines, and how runs differ.</summary>
sealed class ReportPage(Invocation invocation)
{
    readonly EvidenceStore evidence = invocation.Evidence;
    readonly Repository repository = invocation.Repository;
    readonly string[] yaml = File.ReadAllLines(invocation.Repository.WorkloadsYaml);

    public PageData Data()
    {
        var known = evidence.Baselines.Concat(evidence.Runs).Where(sidecar => sidecar.Id.Length > 0)
            .AsParallel().AsOrdered().WithCancellation(invocation.Stop).Select(Read).OfType<Known>().AsSequential()
            .DistinctBy(one => one.ContentSha256).ToLookup(one => one.Id);
        var entries = invocation.Catalog.Entries;
        PageRow[] rows = [.. entries.SelectMany(entry => Rows(entry, [.. known[entry.Id].OrderBy(one => one.MeasuredAt, StringComparer.Ordinal)]))];
        var newest = known.SelectMany(group => group).MaxBy(one => one.MeasuredAt, StringComparer.Ordinal);
        return new(
            newest?.Commit ?? SourceState.Unknown.Commit, rows,
            [.. entries.Select(entry => entry.Id).Where(id => !known.Contains(id))], Predictions(), Tables());
    }

    /// <summary>The newest run, and the newest baseline of each machine class.</summary>
    IEnumerable<PageRow> Rows(CatalogEntry entry, IReadOnlyList<Known> oldestFirst)
    {
        var baselines = oldestFirst.Where(one => one.IsCommitted).GroupBy(one => one.MachineClass).Select(group => group.Last());
        return oldestFirst.TakeLast(1).Concat(baselines).Distinct().Select(one => Row(entry, one, oldestFirst));
    }

    PageRow Row(CatalogEntry entry, Known one, IReadOnlyList<Known> oldestFirst)
    {
        var record = evidence.Read(one.Path);
        var workload = record as EvidenceRecord;
        Known[] here = [.. oldestFirst.Where(other => other.Fingerprint == one.Fingerprint)];
        return new(
            Path.GetFileName(one.Path), record.Subject.Id, record.Subject.Suite, Trust(one), Level(record), record.Subject.EntrySha256 != entry.Sha256, Yaml(entry, workload),
            workload is null ? [] : TrivialAnswer.In(workload).ToDictionary(answer => answer.Metric, answer => answer.Value), Seeds(entry, workload),
            SampleStatistics.Of(record), RunHistory.Of(here.Select(other => other.InHistory).OfType<HistoryPoint>()), [.. Diffs(one, record, here)],
            record is ExperimentRecord experiment ? [.. (evidence.Derive(experiment)?.Drawings ?? []).Select(named => DrawingData.Of(named.Drawing))] : [],
            HtmlPage.Packed(File.ReadAllBytes(one.Path)));
    }

    /// <summary>Against the committed baseline, and against the run before.</summary>
    IEnumerable<PageDiff> Diffs(Known one, IRunRecord record, IReadOnlyList<Known> here)
    {
        var before = here.TakeWhile(other => other != one).ToArray();
        var (baseline, previous) = (here.LastOrDefault(other => other.IsCommitted && other != one), before.LastOrDefault());
        if (!one.IsCommitted && baseline is not null)
            yield return Diff("baseline", baseline, record);
        if (previous is not null && previous != baseline)
            yield return Diff("run before", previous, record);
    }

    PageDiff Diff(string against, Known before, IRunRecord after)
    {
        var diff = EvidenceSetDiff.Of([evidence.Read(before.Path)], [after], record => evidence.Derive(record)?.Compared).Pairs[0];
        return new(against, diff.Before, diff.After, DiffText.Headline(diff),
            [.. DiffText.Lines(diff).Select(line => new PageChange(JsonNamingPolicy.SnakeCaseLower.ConvertName($"{line.Kind}"), line.Text.Trim()))]);
    }

    /// <summary>By where the file lies: committed here, made by a build server, or made on this machine.</summary>
    string Trust(Known one) => one.IsCommitted ? "maintainer" : invocation.Services.Variable("CI") is "true" or "1" ? "ci" : "student";

    PageLevel Level(IRunRecord record)
    {
        var level = evidence.LevelOf(record);
        return new(level.Name(), level.Meaning());
    }

    YamlLine[] Yaml(CatalogEntry entry, EvidenceRecord? record)
    {
        var targets = (entry, Choice(entry, record)) switch
        {
            (WorkloadEntry, { } choice) => choice.Also.Prepend(choice.QualityTarget).Select(target => target.Line),
            (InferenceEntry inference, _) => inference.Checks.Select(check => check.Line),
            (ExperimentEntry experiment, _) => experiment.Checks.Select(check => check.Line),
            _ => [],
        };
        return [.. targets.Prepend(entry.Line).Append(entry.BudgetLine).Distinct().Where(line => line > 0 && line <= yaml.Length)
            .Select(line => new YamlLine(line, yaml[line - 1].Trim()))];
    }

    static DataChoice? Choice(CatalogEntry entry, EvidenceRecord? record) =>
        (entry as WorkloadEntry)?.Data.FirstOrDefault(choice => choice.Dataset == record?.Data.Dataset);

    static PageSeeds? Seeds(CatalogEntry entry, EvidenceRecord? record)
    {
        var closed = record?.Settings.GetValueOrDefault("recipe.Division") == "closed" ? (entry as WorkloadEntry)?.Closed?.Reference : null;
        return (closed ?? Choice(entry, record)?.Reference) is { } reference ? new(reference.Seeds, reference.Values) : null;
    }

    PagePredictions? Predictions()
    {
        var comparison = StepComparison.Of(TimedSteps.Newest(invocation));
        return comparison.Steps.Count == 0 ? null : new(
            comparison.MedianBefore, comparison.MedianAfter,
            [.. comparison.Steps.Select(step => new PagePrediction(
                step.Step.Id, step.Step.Time.Value, step.Before.Value, step.After.Value, ZooCommand.Word(step.Longest)))]);
    }

    PageTable[] Tables()
    {
        var kernels = Path.Combine(repository.Root, "workloads", "Serving", "README.md");
        return
        [
            .. new[]
            {
                MarkdownTable.Read(repository.Results, ReadmeTable.PyTorch, "RESULTS.md, written by compare pytorch"),
                MarkdownTable.Read(repository.Results, ReadmeTable.TorchSharp, "RESULTS.md, written by compare torchsharp"),
                MarkdownTable.Read(repository.Results, ReadmeTable.Races, "RESULTS.md, written by compare torchsharp --until-target"),
                MarkdownTable.Read(kernels, ReadmeTable.Results, "workloads/Serving/README.md, written by kernels run"),
            }.OfType<PageTable>(),
        ];
    }

    Known? Read(Sidecar sidecar)
    {
        try
        {
            var record = evidence.Read(sidecar.Path);
            return new(sidecar.Path, record.Subject.Id, record.MeasuredAt, record.ContentSha256, record.Source.Commit, record.Machine.Class, record.Machine.Fingerprint,
                record is EvidenceRecord run ? HistoryPoint.Of(run, () => (EvidenceRecord)evidence.Read(sidecar.Path)) : null,
                !Path.GetRelativePath(repository.BaselinesFolder, sidecar.Path).StartsWith("..", StringComparison.Ordinal));
        }
        catch (EvidenceException)
        {
            evidence.PassOver(sidecar.Path);
            return null;
        }
    }

    // Thousands of whole records would not fit: they are read again for the few rows.
    sealed record Known(
        string Path, string Id, string MeasuredAt, string ContentSha256, string Commit, string MachineClass, string Fingerprint, HistoryPoint? InHistory, bool IsCommitted);
}
