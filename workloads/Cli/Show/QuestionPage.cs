using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Cli.Commands;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Cli.Show;

/// <summary>All that is known about one experiment.</summary>
sealed class QuestionPage(ExperimentEntry entry, (string Path, ExperimentRecord Record)? newest, Repository repository)
{
    public void Draw(Screen screen)
    {
        screen.Line($"{entry.Id}  ({entry.Suite}, workloads.yaml line {entry.Line})");
        screen.Line(entry.Question);
        Facts.Draw(screen, "Sizes", EntrySettings.Sizes(entry).Select(size => (size.Key, size.Value)));
        Facts.Draw(screen, "Checks", entry.Checks.Select(check => ("", Describe.Target(check))));
        Facts.Draw(screen, "Differences from the seed registry", entry.Errata.Select(erratum =>
            (erratum.Field, $"'{erratum.SeedValue}'. {erratum.Found} Ours: {erratum.Ours}")));
        screen.Line();
        if (newest is not { } evidence)
        {
            screen.Line($"No evidence yet; `mlperfedu run {entry.Id}` makes some.", Tone.Faint);
            return;
        }
        screen.Line($"Newest evidence: {repository.Relative(evidence.Path)}, on {evidence.Record.Machine.Class}");
        if (ExperimentRunner.Derive(entry, evidence.Record) is { } findings)
            ExperimentPage.Draw(screen, findings.Tables);
        else
            screen.Line("It answers an earlier wording of the entry; run the experiment again to see its tables.", Tone.Warning);
    }

    public object Document() => new
    {
        entry.Id,
        entry.Suite,
        entry.Line,
        entry.Question,
        entry.Tier,
        entry.Budget,
        entry.Provenance,
        entry.Note,
        EntrySha256 = entry.Sha256,
        Settings = EntrySettings.Sizes(entry),
        Checks = entry.Checks.Select(Describe.Target),
        entry.Errata,
        NewestEvidence = newest is { } evidence
            ? new { Sidecar = repository.Relative(evidence.Path), evidence.Record.MeasuredAt, evidence.Record.Metrics }
            : null,
    };
}
