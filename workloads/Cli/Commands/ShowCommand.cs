using MlPerfEdu.Engine.Running;

namespace MlPerfEdu.Cli.Commands;

sealed class ShowCommand() : CliCommand(
    "show", "Show one workload or experiment: sizes, recipe, targets, counts per layer, errata, baselines, newest evidence.",
    new("show anomaly-ae-train", "Everything about one workload, as text."),
    new("show anomaly-ae-train --json", "The same for a script."))
{
    readonly Argument<string> id = OneValue("ID", "The workload or experiment");

    protected override IReadOnlyList<Symbol> Inputs => [id];

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var repository = invocation.Repository;
        switch (invocation.Entry(parse.GetValue(id)!))
        {
            case ModelEntry entry:
                var newest = invocation.Evidence.Newest<EvidenceRecord>(entry.Id);
                var page = new WorkloadPage(
                    entry, invocation.Catalog.TrainerOf(entry), new LocalData(invocation.Data),
                    newest is { } found ? (repository.Relative(found.Path), found.Record) : null);
                invocation.Answer(page.Document(), page.Draw);
                break;
            case ExperimentEntry entry:
                var answer = invocation.Evidence.Newest<ExperimentRecord>(entry.Id);
                invocation.Answer(Document(entry, answer, repository), screen => Draw(screen, entry, answer, repository));
                break;
        }
        return ExitCode.Ok;
    }

    static void Draw(Screen screen, ExperimentEntry entry, (string Path, ExperimentRecord Record)? newest, Repository repository)
    {
        screen.Line($"{entry.Id}  ({entry.Suite}, workloads.yaml line {entry.Line})");
        screen.Line(entry.Question);
        screen.Facts("Sizes", EntrySettings.Sizes(entry).Select(size => (size.Key, (string?)size.Value)));
        screen.Facts("Checks", entry.Checks.Select(check => ("", (string?)Describe.Target(check))));
        screen.Facts("Differences from the original registry", Describe.Errata(entry));
        screen.Line();
        if (newest is not { } evidence)
        {
            screen.Line($"No evidence yet; `mlperfedu run {entry.Id}` makes some.", Tone.Faint);
            return;
        }
        screen.Line($"Newest evidence: {repository.Relative(evidence.Path)}, on {evidence.Record.Machine.Class}");
        if (ExperimentRunner.Derive(entry, evidence.Record) is { } findings)
            ExperimentResult.Draw(screen, findings.Tables);
        else
            screen.Line("It was measured for an earlier version of the entry; run the experiment again to see its tables.", Tone.Warning);
    }

    static object Document(ExperimentEntry entry, (string Path, ExperimentRecord Record)? newest, Repository repository) => new
    {
        entry.Id, entry.Suite, entry.Line, entry.Question, entry.Tier, entry.Budget, entry.Provenance, entry.Note,
        EntrySha256 = entry.Sha256, Settings = EntrySettings.Sizes(entry),
        Checks = entry.Checks.Select(Describe.Target), entry.Errata,
        NewestEvidence = newest is { } evidence
            ? new { Sidecar = repository.Relative(evidence.Path), evidence.Record.MeasuredAt, evidence.Record.Metrics }
            : null,
    };
}
